// A program with functions that oazapfts made.
import {ok} from '@oazapfts/runtime';
import {addQuery, defaults, getVideo, listVideos, removeQuery} from './functions.js';
import {expect, site, token} from './site.js';

defaults.baseUrl = site;
const owner = {headers: {Authorization: `Bearer ${token}`}};

const list = await ok(listVideos({pageSize: 2, sort: 'oldest'}));
expect(list.count === 3 && list.results[0]?.title === 'Falcon 1', 'the list', list);

const found = await ok(listVideos({query: 'falcon'}));
expect(found.results.length === 2 && found.results.every(video => video.views === null), 'the search', found);

const missing = await getVideo('unknownVid0');
expect(missing.status === 404 && missing.data.type === '/problems/not-found', 'a video that is not there', missing);

const added = await addQuery({query: 'lunar eclipse'}, owner);
if (added.status !== 201)
	throw new Error(`a query: ${added.status}`);
expect(added.data.query === 'lunar eclipse', 'a query', added);

const removed = await removeQuery(added.data.id, {}, owner);
expect(removed.status === 204, 'its removal', removed);
