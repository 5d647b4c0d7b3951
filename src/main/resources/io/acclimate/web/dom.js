/* What all views use: elements, figures as people read them, and requests. */
export const byId = id => document.getElementById(id);
export const known = x => typeof x === 'number' && isFinite(x);

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
export const whole = x => known(x) ? number.format(x) : '–';
export const percent = x => known(x) ? (100 * x).toFixed(1) + '%' : '–';
export const points = x => (x >= 0 ? '+' : '−') + Math.abs(100 * x).toFixed(1) + ' points';
export const millis = x => !known(x) ? '–' : x >= 120000 ? Math.round(x / 60000) + ' min' : x >= 1000 ? (x / 1000).toFixed(1) + ' s'
  : x >= 10 ? number.format(x) + ' ms' : x.toFixed(1) + ' ms';
export const size = x => !known(x) ? '–' : x >= 1e6 ? (x / 1e6).toFixed(1) + ' MB' : x >= 1e3 ? (x / 1e3).toFixed(0) + ' kB' : x + ' B';
export const clock = at => new Date(at).toLocaleTimeString('en-GB');
/* A time of today, or a day. */
export const minute = at => {
  const date = new Date(at);
  return date.toDateString() === new Date().toDateString() ? clock(at).slice(0, 5) : date.toLocaleDateString('en-CA');
};
export const moment = at => {
  const date = new Date(at);
  return date.toDateString() === new Date().toDateString() ? clock(at) : date.toLocaleDateString('en-CA') + ' ' + clock(at);
};

export const text = (id, value) => { const node = byId(id); if (node.textContent !== value) node.textContent = value; };
export const element = (tag, className, content) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (content !== undefined) node.textContent = content;
  return node;
};

/* The form of a point of a plot, as an SVG path. */
export const shape = ({ form }, x, y, r) => form === 'square' ? `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}Z`
  : form === 'diamond' ? `M${x} ${y - 1.4 * r}l${1.4 * r} ${1.4 * r}l${-1.4 * r} ${1.4 * r}l${-1.4 * r} ${-1.4 * r}Z`
  : `M${x + r} ${y}a${r} ${r} 0 1 1 ${-2 * r} 0a${r} ${r} 0 1 1 ${2 * r} 0Z`;

/* A line with a point, as a plot draws it, for its legend. */
export const lineKey = style => {
  const made = (tag, attributes) => {
    const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
    Object.entries(attributes).forEach(each => node.setAttribute(...each));
    node.style.stroke = 'var(' + style.colour + ')';
    return node;
  };
  const picture = made('svg', { class: 'line-key', width: 40, height: 12, 'aria-hidden': 'true' });
  const point = made('path', { d: shape(style, 20, 6, 3.5) });
  point.style.fill = 'var(' + (style.hollow ? '--panel' : style.colour) + ')';
  picture.append(made('line', { x1: 0, y1: 6, x2: 40, y2: 6, 'stroke-dasharray': style.dash.join(' ') }), point);
  return picture;
};

/* A table of rows of cells. A cell is text or a node; the first of each row is its header. */
export const fillTable = (table, caption, head, rows) => {
  const heads = element('tr');
  heads.append(...head.map(each => {
    const cell = element('th');
    cell.scope = 'col';
    cell.append(each);
    return cell;
  }));
  const thead = element('thead'), tbody = element('tbody');
  thead.append(heads);
  tbody.append(...rows.map(cells => {
    const row = element('tr');
    row.append(...cells.map((each, i) => {
      const cell = element(i === 0 ? 'th' : 'td');
      if (i === 0) cell.scope = 'row';
      cell.append(each);
      return cell;
    }));
    return row;
  }));
  table.replaceChildren(element('caption', '', caption), thead, tbody);
};

/* The JSON of a path, or nothing if the service is away: the link says so. */
export const get = async path => {
  try {
    const answer = await fetch(path, { headers: { Accept: 'application/json' } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
};
