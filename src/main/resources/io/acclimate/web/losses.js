/* What training minimises: each term of the loss, round by round. */
import { chart, markPlugin, removeChart, withGaps } from '/charts.js';
import { byId, element, fillTable, get, known, lineKey, moment, text, whole } from '/dom.js';

/* Each term has a colour, a pattern and a form of its own, so that lines and points differ without colours, too. */
const TERMS = {
  total: { colour: '--text', dash: [], form: 'disc', words: 'the weighted sum of all others, which training minimises' },
  target: { colour: '--adapted', dash: [10, 4], form: 'square', words: 'cross-entropy on labels of the domain' },
  source: { colour: '--source', dash: [2, 3], form: 'diamond', words: 'on replayed samples of the source' },
  align: { colour: '--violet', dash: [14, 4, 2, 4], form: 'disc', hollow: true, words: 'distance of the features of source and domain' },
  l2sp: { colour: '--olive', dash: [6, 6], form: 'square', hollow: true, words: 'squared distance of the weights from the source model' },
  distill: { colour: '--pink', dash: [4, 3, 4, 9], form: 'diamond', hollow: true, words: 'divergence from the source model on samples of the domain' },
};
const OTHER = { colour: '--soft', dash: [3, 8], form: 'disc', words: '' };
const how = term => Object.hasOwn(TERMS, term) ? TERMS[term] : OTHER;
const ORDER = Object.keys(TERMS);
const place = term => ORDER.includes(term) ? ORDER.indexOf(term) : ORDER.length;
const NEWEST = 10;

let plot = null, drawn = '', hidden = new Set(), marks = [], fingerprint = '';

/* Four figures that count: terms may differ by orders of magnitude. */
const figure = x => !known(x) ? '–' : x === 0 ? '0' : Math.abs(x) < 0.001 || Math.abs(x) >= 1e6 ? x.toExponential(2) : String(Number(x.toPrecision(4)));
const effort = round => !round.halvings ? 'usual' : round.halvings === 1 ? 'halved' : 'halved ' + round.halvings + ' times';

const legendItem = (term, i) => {
  const item = element('li');
  const button = element('button');
  button.type = 'button';
  button.dataset.term = term;
  button.setAttribute('aria-pressed', String(!hidden.has(term)));
  button.append(lineKey(how(term)), term);
  button.onclick = () => {
    if (!hidden.delete(term)) hidden.add(term);
    button.setAttribute('aria-pressed', String(!hidden.has(term)));
    plot.setSeries(i + 1, { show: !hidden.has(term) });
  };
  item.append(button, element('span', 'note', how(term).words));
  return item;
};

const drawLegend = terms => {
  const focused = document.activeElement && document.activeElement.dataset.term;
  byId('loss-terms').replaceChildren(...terms.map(legendItem));
  const again = focused && byId('loss-terms').querySelector('[data-term="' + CSS.escape(focused) + '"]');
  if (again) again.focus();
};

const stop = () => {
  if (plot) removeChart(plot);
  plot = null;
  drawn = '';
};

const draw = (terms, rounds) => {
  byId('loss-terms').hidden = byId('loss-plot').hidden = byId('loss-marks').hidden = terms.length === 0;
  if (!terms.length) {
    stop();
    return;
  }
  if (terms.join() !== drawn) {
    stop();
    drawn = terms.join();
    drawLegend(terms);
    plot = chart('loss-plot', terms.map(term => [term, how(term).colour, { ...withGaps(how(term)), show: !hidden.has(term) }]),
      { range: (u, min, max) => known(max) ? [Math.min(0, min), max > 0 ? max * 1.1 : 1] : [0, 1] }, figure, { plugins: [markPlugin(() => marks)] });
  }
  plot.setData([rounds.map(round => round.at / 1000), ...terms.map(term => rounds.map(round => known(round.losses[term]) ? round.losses[term] : null))]);
};

const drawNewest = (terms, rounds) => {
  const newest = rounds.slice(-NEWEST).reverse();
  byId('round-table').hidden = newest.length === 0;
  fillTable(byId('round-table'), 'The newest ' + (newest.length === 1 ? 'round' : newest.length + ' rounds') + '; – is a term that was not computed', ['Round', 'Steps', 'Effort', ...terms],
    newest.map(round => [moment(round.at), whole(round.steps) + (round.skippedSteps ? ', ' + whole(round.skippedSteps) + ' skipped' : ''), effort(round),
      ...terms.map(term => figure(round.losses[term]))]));
};

const drawRestarts = all => {
  const restarts = all.filter(mark => mark.kind !== 'active').reverse();
  byId('restarts').replaceChildren(...(restarts.length ? restarts.map(mark => {
    const item = element('li');
    item.append(element('time', '', moment(mark.at)),
      element('b', '', mark.kind === 'reset' ? 'Afresh from the source model' : 'Again from version ' + mark.version + ', with smaller steps'), element('p', '', mark.reason));
    return item;
  }) : [element('li', 'empty', 'None.')]));
};

const hint = view => !view.seen ? 'No round of training yet.'
  : whole(view.seen) + (view.seen === 1 ? ' round' : ' rounds') + ' since ' + moment(view.since)
    + (view.rounds.length < view.seen ? ', of which ' + whole(view.rounds.length) + ' are drawn: the older, the fewer.' : '.')
    + ' A point is the mean over the steps of a round, without the weight of the term. A gap is a round that did not compute the term.';

export const resetLosses = () => {
  fingerprint = '';
  marks = [];
  hidden = new Set();
  draw([], []);
  byId('round-table').hidden = true;
  ['round-table', 'restarts'].forEach(id => byId(id).replaceChildren());
  text('loss-hint', '');
};
export const refreshLosses = async (domain, isChosen) => {
  const view = await get('/api/domains/' + encodeURIComponent(domain) + '/losses');
  if (!view || !isChosen() || byId('losses').hidden) return;
  const now = JSON.stringify(view);
  if (now === fingerprint) return;
  fingerprint = now;
  const terms = [...new Set(view.rounds.flatMap(round => Object.keys(round.losses)))].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
  marks = view.marks.map(mark => ({ x: mark.at / 1000, restart: mark.kind !== 'active', label: mark.kind === 'active' ? 'v' + mark.version : mark.kind }));
  text('loss-hint', hint(view));
  draw(terms, view.rounds);
  drawNewest(terms, view.rounds);
  drawRestarts(view.marks);
};
