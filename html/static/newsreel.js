// What a script adds to the pages: live updates, keyboard shortcuts, relative times, charts as PNG. Every page works without it.

const POLL_MS = 15000; // between polls of the server while the page is visible
const POLL_MAX_MS = 120000; // while it does not answer
const TIMES_MS = 5000; // between updates of "12 min ago"

const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// ---- light and dark: the browser's setting, or the one chosen here ----

const THEMES = ['auto', 'light', 'dark'];
const theme = () => localStorage.getItem('theme') ?? 'auto';

function showTheme() {
	document.documentElement.dataset.theme = theme();
	all('button[data-theme] b').forEach(e => { e.textContent = theme(); });
}

function nextTheme() {
	localStorage.setItem('theme', THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]);
	showTheme();
}

// ---- groups of the sidebar, as the reader left them ----

const groups = () => JSON.parse(localStorage.getItem('groups') ?? '{}');

function showGroups(within = document) {
	const open = groups();
	for (const group of all('details[data-group]', within))
		group.open = open[group.dataset.group] ?? group.open;
}

// The click that opens or closes the group has not done so yet.
function rememberGroup({dataset, open}) {
	localStorage.setItem('groups', JSON.stringify({...groups(), [dataset.group]: !open}));
}

// On a desktop the style sheet shows the sidebar although it is closed, where the browser knows how. Open, it is what it looks like.
function showSidebar() {
	const side = find('.side'), wide = matchMedia('(min-width: 901px)');
	const fit = () => { side.open = wide.matches; };
	if (!side)
		return;
	fit();
	wide.addEventListener('change', fit);
}

// ---- relative times, as cgi/request/format.c writes them ----

const UNITS = [[48 * 60, 24 * 60, 'days'], [60, 60, 'h'], [0, 1, 'min']];

function ago(seconds, precise) {
	const distance = Math.abs(seconds);
	if (distance < 60 && !precise)
		return seconds < 0 ? 'in a moment' : 'just now';
	if (distance < 60)
		return seconds < 0 ? `in ${Math.ceil(distance)}\u00a0s` : `${Math.floor(distance)}\u00a0s ago`;
	const minutes = Math.floor(distance / 60);
	const [, size, name] = UNITS.find(([from]) => minutes >= from);
	const span = `${Math.floor(minutes / size)}\u00a0${name}`;
	return seconds < 0 ? `in ${span}` : `${span} ago`;
}

const isRelative = words => /^(just now|in .*|.* ago)$/.test(words); // others are dates

function updateTimes() {
	for (const time of all('time[title]')) {
		const age = (Date.now() - Date.parse(time.dateTime)) / 1000;
		if (isRelative(time.textContent) && Math.abs(age) < 30 * 86400)
			time.textContent = ago(age, time.closest('.fresh'));
	}
}

// ---- charts as PNG: the server draws SVG, and the browser has all it takes to turn one into pixels ----

const PNG_SCALE = 2;

async function savePng(link) {
	const image = new Image();
	image.src = link.href;
	await image.decode();
	const canvas = document.createElement('canvas');
	canvas.width = image.naturalWidth * PNG_SCALE;
	canvas.height = image.naturalHeight * PNG_SCALE;
	canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
	const blob = await new Promise(resolve => { canvas.toBlob(resolve, 'image/png'); });
	const url = URL.createObjectURL(blob);
	const name = new URL(link.href).searchParams.get('chart') ?? 'volume';
	Object.assign(document.createElement('a'), {href: url, download: `${name}-${new Date().toISOString().slice(0, 10)}.png`}).click();
	URL.revokeObjectURL(url);
}

// ---- live updates ----

let tag; // the ETag of the last answer; null: it had none, as answers that may not be stored
let failed = false; // the last poll
let skipped = false; // the update of a part in use, see replace()
let wait = POLL_MS;
let timer;

// A part is not replaced while somebody uses it or has typed into it.
const isTypedInto = part => all('input, textarea', part).some(field => field.value !== field.defaultValue);
const opened = 'details[open]:not([data-group]), dialog[open]';
const isInUse = part => part.contains(document.activeElement) || find(opened, part) || isTypedInto(part);

function replace(selector, fresh) {
	const old = find(selector), made = find(selector, fresh);
	if (made)
		showGroups(made);
	if (!old || !made || old.outerHTML === made.outerHTML)
		return;
	if (isInUse(old))
		skipped = true;
	else
		old.replaceWith(document.importNode(made, true));
}

const isNewestFirst = () => !/[?&](sort|page|page_number|cursor)=/.test(location.search);

function showNews(fresh) {
	document.title = fresh.title;
	find('#main').replaceWith(document.adoptNode(find('#main', fresh)));
	find('.card h2 a')?.focus();
	showSince();
}

const secondAfter = time => new Date(Date.parse(time) + 1000).toISOString().replace('.000', '');

// The filters of the list, and only what was recorded later than SINCE and not later than UNTIL: times of known videos, if given.
function filtersBetween(since, until) {
	const filters = new URL(find('#main').dataset.api, location).searchParams;
	for (const name of ['sort', 'count', 'page_size'])
		filters.delete(name);
	if (since)
		filters.set('recorded_after', secondAfter(since));
	if (until)
		filters.set('recorded_before', secondAfter(until));
	return filters;
}

// How many videos the whole list has got between these, and whether there may be more.
async function countBetween(since, until) {
	if (since >= until)
		return {added: 0, more: false};
	const path = new URL(find('#main').dataset.api, location).pathname;
	const answer = await fetch(`${path}?${filtersBetween(since, until)}&page_size=1`);
	if (!answer.ok)
		throw new Error(answer.status);
	const {count, count_is_exact: exact} = await answer.json();
	return {added: count, more: !exact};
}

// New ones need not be on this page; of FRESH, the page as it is now, all that is shown tells the same number.
async function countNews(fresh) {
	const shown = new Set(all('.card').map(card => card.dataset.id));
	const onPage = all('.card', fresh).filter(card => !shown.has(card.dataset.id)).length;
	const {added, more} = await countBetween(find('#main').dataset.recorded, find('#main', fresh).dataset.recorded);
	return {added: Math.max(onPage, added), more};
}

// The list does not move while somebody reads: new videos are announced, and shown on demand. Its count is that of the sidebar.
async function announce(fresh) {
	const news = find('.news');
	if (!find('.card'))
		return replace('#main', fresh);
	replace('.count b', fresh);
	if (!isNewestFirst())
		return;
	const {added, more} = await countNews(fresh);
	if (added === 0)
		return;
	const button = find('button', news) ?? news.appendChild(document.createElement('button'));
	button.textContent = `Show ${added.toLocaleString('en')}${more ? ' or more' : ''} new video${added === 1 ? '' : 's'}`;
	button.onclick = () => showNews(fresh);
	news.hidden = false;
}

async function update(fresh) {
	skipped = false;
	replace('.fresh', fresh);
	replace('.tracked', fresh);
	if (find('#main').dataset.live === 'list')
		await announce(fresh);
	else
		replace('#main', fresh);
}

function showFailure() {
	const line = find('.fresh');
	if (!line)
		return;
	line.className = 'fresh late';
	line.textContent = 'no connection to newsreel, retrying';
}

// The browser sends the ETag it has, and an unchanged page costs a 304.
async function poll() {
	try {
		const answer = await fetch(location.href, {headers: {Accept: 'text/html'}});
		if (!answer.ok)
			throw new Error(answer.status);
		const known = tag;
		tag = answer.headers.get('ETag');
		if (!tag || tag !== known || failed || skipped)
			await update(new DOMParser().parseFromString(await answer.text(), 'text/html'));
		failed = false;
		wait = POLL_MS;
	} catch {
		failed = true;
		showFailure();
		wait = Math.min(wait * 2, POLL_MAX_MS);
	}
}

async function pollAgain() {
	clearTimeout(timer);
	if (document.hidden)
		return;
	await poll();
	updateTimes();
	timer = setTimeout(pollAgain, wait);
}

// ---- what is new since the reader was here: a mark for each list, kept in this browser alone ----

const MARKS_MAX = 50;

// The time of the video that was recorded last when this list was last opened, in another tab or before it; it becomes that of now.
function moveMark(list, recorded) {
	const marks = JSON.parse(localStorage.getItem('marks') ?? '{}');
	const since = sessionStorage.getItem(`mark ${list}`) ?? marks[list] ?? recorded;
	delete marks[list];
	localStorage.setItem('marks', JSON.stringify(Object.fromEntries([...Object.entries(marks), [list, recorded]].slice(-MARKS_MAX))));
	sessionStorage.setItem(`mark ${list}`, since);
	return since;
}

async function showSince() {
	const {api, recorded} = find('#main')?.dataset ?? {};
	if (!api || !recorded || /[?&](recorded_after|recorded_before|after)=/.test(location.search))
		return;
	const since = moveMark(`${filtersBetween()}`, recorded);
	const {added, more} = await countBetween(since, recorded);
	const link = document.createElement('a');
	link.href = `${location.pathname}?${filtersBetween(since)}&sort=recorded`;
	link.textContent = `${more ? 'At least ' : ''}${added.toLocaleString('en')} new since you were here`;
	find('.since').replaceChildren(link);
	find('.since').hidden = added === 0;
}

function keepUpToDate() {
	if (!find('#main')?.dataset.live)
		return;
	timer = setTimeout(pollAgain, POLL_MS);
	document.addEventListener('visibilitychange', pollAgain);
	addEventListener('online', pollAgain);
}

// ---- keyboard shortcuts ----

function step(direction) {
	const links = all('.card h2 a');
	const at = links.findIndex(link => link.closest('.card').contains(document.activeElement));
	const next = links[at < 0 ? 0 : at + direction];
	next?.focus();
	next?.closest('.card').scrollIntoView({block: 'nearest'});
}

const GO = {v: '', q: '/queries', c: '/channels', s: '/status'};
const KEYS = {
	'/': () => { find('#query').focus(); find('#query').select(); },
	j: () => step(1),
	k: () => step(-1),
	o: () => document.activeElement.closest?.('.card') && find('h2 a', document.activeElement.closest('.card')).click(),
	n: () => find('a[rel=next]')?.click(),
	p: () => find('a[rel=prev]')?.click(),
	'?': () => find('.help').showModal(),
};
let going = false;

function onKey(event) {
	if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, select, textarea, dialog'))
		return;
	const to = going && event.key in GO ? find('.brand').href.replace(/\/$/, '') + (GO[event.key] || '/') : null;
	going = event.key === 'g';
	if (to)
		location.href = to;
	else if (KEYS[event.key])
		KEYS[event.key]();
	else
		return;
	event.preventDefault();
}

// ---- the player and the list of channels, loaded on demand ----

function play(link) {
	const player = document.createElement('iframe');
	player.src = link.dataset.player;
	player.title = find('h1').textContent;
	player.allow = 'autoplay; fullscreen; picture-in-picture; encrypted-media';
	player.allowFullscreen = true;
	link.replaceWith(player);
}

// The channels with the most videos, loaded when the select gets the focus.
async function offerChannels(select) {
	const address = new URL(select.dataset.channels, location);
	const tracked = new URLSearchParams(location.search).get('tracked');
	address.searchParams.set('page_size', 100);
	if (tracked)
		address.searchParams.set('tracked', tracked);
	const {results} = await (await fetch(address)).json();
	for (const {id, title, videos} of results) {
		const known = [...select.options].find(option => option.value === id);
		const option = known ?? new Option('', id);
		option.text = `${title ?? id} (${videos.toLocaleString('en')})`;
		if (!known)
			select.add(option);
	}
}

// ---- requests of the API's page that can be tried ----

const SHOWN_MAX = 20000; // characters of an answer

// The beginning of the body: an export may be long.
async function readBeginning(answer) {
	const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
	let text = '';
	for (let part = await reader.read(); !part.done && text.length <= SHOWN_MAX; part = await reader.read())
		text += part.value;
	reader.cancel();
	return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}\n…` : text;
}

function indented(text, type) {
	try {
		return /[/+]json\b/.test(type) ? JSON.stringify(JSON.parse(text), null, 2) : text;
	} catch {
		return text; // only its beginning is here
	}
}

async function tryRequest(form) {
	const status = find('[role=status]', form), body = find('pre', form);
	try {
		const answer = await fetch(new URL(form.elements.address.value, location));
		const type = answer.headers.get('Content-Type') ?? '';
		body.textContent = indented(await readBeginning(answer), type);
		status.textContent = `Status ${answer.status}, ${type}`;
		body.hidden = false;
	} catch (error) {
		status.textContent = `No answer: ${error.message}`;
		body.hidden = true;
	}
}

// What asks for one video asks for one that is recorded here.
async function nameVideo({newest}) {
	const {results: [video]} = await (await fetch(newest)).json();
	for (const address of video ? all('.try input') : [])
		address.value = address.value.replace(/(\/api\/videos\/)[\w-]{11}(?=\/|$)/, `$1${video.id}`);
}

function onSubmit(event) {
	if (!event.target.matches('.try'))
		return;
	event.preventDefault();
	tryRequest(event.target);
}

function onClick(event) {
	const link = event.target.closest('[data-player]');
	if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
		event.preventDefault();
		play(link);
	} else if (event.target.closest('details[data-group] > summary')) {
		rememberGroup(event.target.closest('details'));
	} else if (event.target.closest('a[data-png]')) {
		event.preventDefault();
		savePng(event.target.closest('a'));
	} else if (event.target.closest('button[data-theme]')) {
		nextTheme();
	} else if (event.target.closest('button[data-help]')) {
		find('.help').showModal();
	}
}

// A thumbnail that cannot be loaded leaves its place empty.
function dropBrokenPictures() {
	all('img').filter(image => image.complete && !image.naturalWidth && image.loading !== 'lazy').forEach(image => image.remove());
	document.addEventListener('error', event => event.target.tagName === 'IMG' && event.target.remove(), true);
}

function begin() {
	dropBrokenPictures();
	showTheme();
	showGroups();
	showSidebar();
	all('button[data-theme], button[data-help], .try, a[data-png]').forEach(element => { element.hidden = false; });
	find('select[data-channels]')?.addEventListener('focus', event => offerChannels(event.target), {once: true});
	document.addEventListener('keydown', onKey);
	document.addEventListener('click', onClick);
	document.addEventListener('submit', onSubmit);
	setInterval(updateTimes, TIMES_MS);
	if (find('[data-newest]'))
		nameVideo(find('[data-newest]').dataset);
	keepUpToDate();
	showSince();
}

showTheme();
if (document.readyState === 'loading')
	document.addEventListener('DOMContentLoaded', begin);
else
	begin();
