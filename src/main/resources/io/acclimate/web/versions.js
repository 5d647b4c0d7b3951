/* The table of versions, a version's detail, and two versions side by side. */
import { byId, element, fillTable, get, known, moment, percent, size, whole } from '/dom.js';

const at = (value, ...path) => path.reduce((v, key) => v === undefined || v === null ? undefined : v[key], value);
const fact = (version, key) => at(version, 'provenance', key) === undefined ? NaN : Number(version.provenance[key]);
const holdout = version => known(at(version, 'gate', 'candidate')) ? version.gate.candidate : fact(version, 'candidateAccuracy');
const labels = version => known(at(version, 'activation', 'samplesSeen')) ? version.activation.samplesSeen : fact(version, 'samplesSeen');
const why = version => version.number === 0 ? 'the source model'
  : at(version, 'activation', 'reason') || (version.gate ? version.gate.decision : 'published');

const COLUMNS = [
  { key: 'number', name: 'Version', value: v => v.number },
  { key: 'parent', name: 'From', value: v => v.parent, show: v => v.number ? String(v.parent) : '–' },
  { key: 'why', name: 'Why', value: why, show: why },
  { key: 'when', name: 'When', value: v => v.createdAt, show: v => v.createdAt ? moment(v.createdAt) : '–' },
  { key: 'labels', name: 'Labels seen', value: labels, show: v => whole(labels(v)) },
  { key: 'holdout', name: 'Holdout', value: holdout, show: v => percent(holdout(v)) },
  { key: 'served', name: 'As served', value: v => at(v, 'prequential', 'served'),
    show: v => v.prequential ? percent(v.prequential.served) + ' of ' + whole(v.prequential.samples) : '–' },
  { key: 'bytes', name: 'Size', value: v => v.bytes, show: v => size(v.bytes) },
];

let rows = [], active = 0, sortKey = 'number', descending = true, chosen = [], shown = '';

const compare = (a, b) => {
  const value = COLUMNS.find(column => column.key === sortKey).value;
  const x = value(a), y = value(b), xn = x === undefined || Number.isNaN(x), yn = y === undefined || Number.isNaN(y);
  if (xn || yn) return xn - yn;
  return (x < y ? -1 : x > y ? 1 : 0) * (descending ? -1 : 1);
};

const choose = number => {
  chosen = chosen.includes(number) ? chosen.filter(each => each !== number) : [...chosen, number].slice(-2);
  draw();
};

const chooser = version => {
  const button = element('button', 'choose', String(version.number));
  button.type = 'button';
  button.id = 'choose-' + version.number;
  button.setAttribute('aria-pressed', String(chosen.includes(version.number)));
  button.setAttribute('aria-label', 'version ' + version.number);
  button.onclick = () => choose(version.number);
  const cell = element('span');
  cell.append(button);
  if (version.active) cell.append(element('span', 'badge on', 'active'));
  if (version.pinned) cell.append(element('span', 'badge', 'pinned'));
  const note = at(version, 'provenance', 'note');
  if (note) cell.append(element('span', 'note', note));
  return cell;
};

const draw = () => {
  const focused = document.activeElement && document.activeElement.id;
  const table = byId('version-table');
  const heads = COLUMNS.map(column => {
    const button = element('button', 'sort', column.name);
    button.type = 'button';
    button.id = 'sort-' + column.key;
    button.onclick = () => {
      descending = sortKey === column.key ? !descending : true;
      sortKey = column.key;
      draw();
    };
    return button;
  });
  fillTable(table, 'The source model and ' + (rows.length - 1) + ' versions; version ' + active + ' is active', heads, rows.slice().sort(compare)
    .map(version => [chooser(version), ...COLUMNS.slice(1).map(column => column.show(version))]));
  table.querySelectorAll('thead th').forEach((cell, i) => {
    if (COLUMNS[i].key === sortKey) cell.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
  });
  if (focused && (focused.startsWith('sort-') || focused.startsWith('choose-'))) {
    const again = byId(focused);
    if (again) again.focus();
  }
  drawDetail();
};

const facts = version => {
  const all = new Map();
  all.set('from', version.number ? 'version ' + version.parent : 'you');
  all.set('why', why(version));
  if (version.createdAt) all.set('when', moment(version.createdAt));
  if (version.activation) all.set('last active since', moment(version.activation.at) + ', by ' + version.activation.cause + ', instead of version ' + version.activation.previous);
  all.set('labels seen', whole(labels(version)));
  const gate = version.gate;
  const of = (name, key) => known(at(gate, name)) ? gate[name] : fact(version, key);
  if (version.number) {
    all.set('gate', gate ? gate.decision + (gate.reasons.length ? ': ' + gate.reasons.join('; ') : '') : 'promoted; the event is older than what is kept');
    all.set('holdout samples', whole(gate ? gate.holdout : fact(version, 'holdoutSize')));
    all.set('holdout: this version', percent(of('candidate', 'candidateAccuracy')));
    all.set('holdout: the version before', percent(of('active', 'activeAccuracy')));
    all.set('holdout: source model', percent(of('source', 'sourceAccuracy')));
  }
  const served = version.prequential;
  all.set('labels that came while it served', served ? whole(served.samples) : '0');
  all.set('accuracy on these', percent(at(served, 'served')));
  all.set('source model on these', percent(at(served, 'source')));
  for (const [term, loss] of Object.entries(version.losses || {})) all.set('loss: ' + term, loss.toPrecision(4));
  if (version.number) {
    all.set('size', size(version.bytes));
    all.set('digest of the weights', version.weights);
    for (const [key, value] of Object.entries(version.provenance)) all.set('made with: ' + key, value);
  }
  return all;
};

const drawDetail = () => {
  const detail = byId('detail');
  const picked = chosen.map(number => rows.find(version => version.number === number)).filter(Boolean);
  detail.hidden = picked.length === 0;
  const sides = picked.map(facts);
  /* A live region is read again whenever it changes. */
  const now = JSON.stringify(sides.map(side => [...side]));
  if (now === shown) return;
  shown = now;
  if (!picked.length) {
    detail.replaceChildren();
    return;
  }
  const names = [...new Set(sides.flatMap(side => [...side.keys()]))];
  const title = element('h2', '', picked.length === 1 ? 'Version ' + picked[0].number : 'Version ' + picked[0].number + ' and version ' + picked[1].number);
  title.id = 'detail-title';
  const table = element('table', 'facts');
  fillTable(table, picked.length === 1 ? 'What it came from and how it served' : 'Rows that differ are marked', ['', ...picked.map(version => 'version ' + version.number)],
    names.map(name => [name, ...sides.map(side => side.get(name) || '–')]));
  if (sides.length === 2) table.querySelectorAll('tbody tr').forEach((row, i) => {
    if (sides[0].get(names[i]) !== sides[1].get(names[i])) {
      row.className = 'differs';
      row.firstChild.append(element('span', 'unseen', ' (differs)'));
    }
  });
  table.querySelector('thead th').append(element('span', 'unseen', 'fact'));
  const scroll = element('div', 'scroll');
  scroll.tabIndex = 0;
  scroll.setAttribute('role', 'region');
  scroll.setAttribute('aria-labelledby', 'detail-title');
  scroll.append(table);
  detail.replaceChildren(title, scroll);
};

const drawChoices = () => {
  const select = byId('action-version'), before = select.value;
  const numbers = rows.map(version => String(version.number)).reverse();
  if (numbers.join() === [...select.options].map(option => option.value).join()) return;
  select.replaceChildren(...numbers.map(number => {
    const option = element('option', '', number);
    option.value = number;
    return option;
  }));
  if (numbers.includes(before)) select.value = before;
};

let fingerprint = '';
/* Actions go to the chosen domain, so no version of another one may be left to choose. */
export const resetVersions = () => {
  chosen = [];
  rows = [];
  fingerprint = '';
  byId('version-table').replaceChildren();
  drawDetail();
  drawChoices();
};
export const refreshVersions = async (domain, isChosen) => {
  const view = await get('/api/domains/' + encodeURIComponent(domain) + '/versions');
  if (!view || !isChosen()) return;
  const now = JSON.stringify(view);
  if (now === fingerprint) return;
  fingerprint = now;
  rows = view.versions;
  active = view.active;
  draw();
  drawChoices();
};
