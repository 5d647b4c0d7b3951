/* What came of the labels: accuracy by class, confusion of both models, delay, and labels that look wrong. */
import { byId, element, fillTable, get, known, millis, moment, percent, text, whole } from '/dom.js';

/* A matrix of more classes than this is no picture any more: the classes with most labels are shown. */
const LARGEST = 20;

const byClass = answers => {
  const classes = new Map();
  for (const { label, active, source, count } of answers) {
    const row = classes.get(label) || { label, count: 0, served: 0, source: 0 };
    row.count += count;
    if (active === label) row.served += count;
    if (source === label) row.source += count;
    classes.set(label, row);
  }
  return [...classes.values()].sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1));
};

const bar = (ratio, name) => {
  const cell = element('span', 'bar');
  const fill = element('i', name);
  fill.style.width = Math.round(60 * ratio) + 'px';
  cell.append(fill, percent(ratio));
  return cell;
};

const drawClasses = (classes, samples) => {
  const signed = x => (x > 0 ? '+' : x < 0 ? '−' : '±') + Math.abs(100 * x).toFixed(1);
  fillTable(byId('class-table'), classes.length + ' classes among the last ' + whole(samples) + ' labels', ['Class', 'Labels', 'As served', 'Source model', 'Points'],
    classes.slice(0, 200).map(row => [row.label, whole(row.count), bar(row.served / row.count, 'adapted'), bar(row.source / row.count, 'source'),
      signed((row.served - row.source) / row.count)]));
};

const drawMatrix = (id, answers, key, classes, name) => {
  const shown = classes.slice(0, LARGEST).map(row => row.label);
  const counts = new Map(), totals = new Map();
  for (const each of answers) {
    const cell = each.label + '\u0000' + each[key];
    counts.set(cell, (counts.get(cell) || 0) + each.count);
    totals.set(each.label, (totals.get(each.label) || 0) + each.count);
  }
  const corner = element('span', '', 'label ↓ answer →');
  fillTable(byId(id), name + (classes.length > LARGEST ? ', ' + LARGEST + ' of ' + classes.length + ' classes' : ''), [corner, ...shown],
    shown.map(label => [label, ...shown.map(answer => {
      const count = counts.get(label + '\u0000' + answer) || 0;
      const cell = element('span', label === answer ? 'cell hit' : 'cell miss', count ? String(count) : '');
      cell.style.setProperty('--share', Math.round(100 * count / totals.get(label)) + '%');
      cell.title = label + ' taken for ' + answer + ': ' + count + ' of ' + totals.get(label);
      return cell;
    })]));
};

let fingerprint = '';
export const resetLabels = () => {
  fingerprint = '';
  ['class-table', 'served-matrix', 'source-matrix', 'suspicions'].forEach(id => byId(id).replaceChildren());
  text('answers-hint', '');
  text('delay', '');
};
export const refreshLabels = async (domain, summary, isChosen) => {
  const view = await get('/api/domains/' + encodeURIComponent(domain) + '/answers');
  if (!view || !isChosen()) return;
  const now = domain + JSON.stringify(view);
  if (now !== fingerprint) {
    fingerprint = now;
    const classes = byClass(view.answers);
    text('answers-hint', view.samples === 0 ? 'No labels yet.'
      : 'Both models answered before training on the label. Since ' + moment(view.since) + '; served by version ' + view.versions.join(', ') + '.');
    drawClasses(classes, view.samples);
    drawMatrix('served-matrix', view.answers, 'active', classes, 'Answers of the version that served');
    drawMatrix('source-matrix', view.answers, 'source', classes, 'Answers of the source model');
  }
  if (!summary) return;
  const delay = summary.labelDelay;
  text('delay', !delay || !known(delay.newestMillis) ? 'Not known: no labels yet.'
    : 'Labels of the last mini-batch were ' + millis(delay.newestMillis) + ' to ' + millis(delay.oldestMillis) + ' old when they were learnt from, at ' + moment(delay.at) + '.');
  const suspicions = summary.suspicions.slice().reverse();
  byId('suspicions').replaceChildren(...(suspicions.length ? suspicions.map(card => {
    const item = element('li', 'reject');
    item.append(element('time', '', moment(card.at)), element('p', '', card.detail));
    return item;
  }) : [element('li', 'empty', 'None.')]));
};
