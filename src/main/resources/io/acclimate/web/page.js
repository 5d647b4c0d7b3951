/* Chooses the domain and the view, and follows the stream. */
import { byId, element, get, text } from '/dom.js';
import { fitCharts } from '/charts.js';
import { refreshOverview, resetOverview, showView } from '/overview.js';
import { refreshVersions, resetVersions } from '/versions.js';
import { refreshLosses, resetLosses } from '/losses.js';
import { refreshCalibration, resetCalibration } from '/calibration.js';
import { refreshLabels, resetLabels } from '/labels.js';
import { refreshPipeline } from '/pipeline.js';
import { wireActions } from '/actions.js';

const VIEWS = ['overview', 'versions', 'losses', 'calibration', 'labels', 'pipeline'];
const REFRESH_MILLIS = 2000;
let domain = new URLSearchParams(location.search).get('domain') || '';
let frozen = false, view = 'overview', stream = null, due = true;

const chosen = () => domain || 'default';

const follow = () => {
  if (stream) stream.close();
  const link = (state, words) => { byId('link').className = 'link ' + state; text('link', words); };
  stream = new EventSource('/api/live' + (domain ? '?domain=' + encodeURIComponent(domain) : ''));
  stream.addEventListener('snapshot', event => {
    resetOverview();
    link('on', 'live');
    showView(JSON.parse(event.data), chosen());
    due = true;
    refresh();
  });
  stream.addEventListener('update', event => {
    due = true;
    showView(JSON.parse(event.data), chosen());
  });
  stream.onerror = () => link('off', 'connection lost, retrying');
};

const refresh = async () => {
  if (frozen || document.hidden) return;
  const name = chosen();
  const isChosen = () => name === chosen();
  const summary = await refreshOverview(name, isChosen);
  if (!isChosen()) return;
  if (view === 'versions') await refreshVersions(name, isChosen);
  if (view === 'losses') await refreshLosses(name, isChosen);
  if (view === 'calibration') await refreshCalibration(name, isChosen);
  if (view === 'labels') await refreshLabels(name, summary, isChosen);
  if (view === 'pipeline') await refreshPipeline();
};

const refreshDomains = async () => {
  const known = await get('/api/domains');
  if (!known) return;
  const names = known.domains.map(each => each.domain);
  if (!domain && names.length) choose(names.includes('default') ? 'default' : names[0]);
  if (domain && !names.includes(domain)) names.unshift(domain);
  const select = byId('domain');
  if (names.length && names.join('\n') !== [...select.options].map(option => option.value).join('\n')) {
    select.replaceChildren(...names.map(name => {
      const option = element('option', '', name);
      option.value = name;
      return option;
    }));
  }
  if (domain) select.value = domain;
};

const choose = name => {
  domain = name;
  const url = new URL(location.href);
  url.searchParams.set('domain', name);
  history.replaceState(null, '', url);
  resetVersions();
  resetLosses();
  resetCalibration();
  resetLabels();
  freeze(false);
  follow();
};

const freeze = on => {
  frozen = on;
  byId('freeze').setAttribute('aria-pressed', String(on));
};

const showHash = () => {
  const wanted = location.hash.slice(1);
  view = VIEWS.includes(wanted) ? wanted : view;
  VIEWS.forEach(name => { byId(name).hidden = name !== view; });
  document.querySelectorAll('nav a').forEach(link => {
    if (link.hash === '#' + view) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  });
  fitCharts();
  refresh();
};

byId('domain').addEventListener('change', event => choose(event.target.value));
byId('freeze').addEventListener('click', () => {
  freeze(!frozen);
  if (frozen) {
    stream.close();
    byId('link').className = 'link';
    text('link', 'frozen');
  } else follow();
});
addEventListener('hashchange', () => {
  showHash();
  /* The browser has scrolled to the view, which hides the choice of views. */
  if (VIEWS.includes(location.hash.slice(1))) scrollTo(0, 0);
});
wireActions(chosen);
showHash();
if (domain) follow();
/* Without a domain there is nothing to choose yet, and the stream of all domains shows the first images. */
refreshDomains().then(() => { if (!stream) follow(); });
setInterval(refreshDomains, 3000);
setInterval(() => { if (due || view !== 'overview') { due = false; refresh(); } }, REFRESH_MILLIS / 2);
