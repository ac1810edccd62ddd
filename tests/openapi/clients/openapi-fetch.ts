// A program with types that openapi-typescript made, and openapi-fetch.
import createClient from 'openapi-fetch';
import type {paths} from './schema.js';
import {expect, site, token} from './site.js';

const client = createClient<paths>({baseUrl: site});
const owner = {Authorization: `Bearer ${token}`};

const list = await client.GET('/api/videos', {params: {query: {page_size: 2, sort: 'oldest'}}});
expect(list.data?.count === 3 && list.data.results[0]?.title === 'Falcon 1', 'the list', list.error);

const found = await client.GET('/api/videos', {params: {query: {query: 'falcon'}}});
expect(found.data?.results.length === 2 && found.data.results.every(video => video.views === null), 'the search', found.error);

const video = await client.GET('/api/videos/{id}', {params: {path: {id: list.data!.results[0]!.id}}});
expect(video.data?.history.length === 0, 'one video', video.error);

const refused = await client.POST('/api/api_key', {body: {key: 'whatever'}});
expect(refused.error?.status === 401, 'a write without the token', refused.error);

const added = await client.POST('/api/queries', {body: {query: 'solar eclipse'}, headers: owner});
expect(added.response.status === 201 && added.data !== undefined && 'id' in added.data, 'a query', added.error);

const changed = await client.PATCH('/api/queries/{id}', {params: {path: {id: Number(added.data?.id)}}, body: {priority: 'high'}, headers: owner});
expect(changed.data?.priority === 'high', 'its priority', changed.error);
