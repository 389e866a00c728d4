/**
 * Makes the runs of a page steppable. The page is complete without it: everything it shows, it reads from the tables.
 * Written as text, since it runs in the reader's browser and not here.
 */
export const SCRIPT = `
'use strict';
const make = (parent, name, text, className = '') => {
  const made = parent.appendChild(document.createElement(name));
  made.textContent = text;
  made.className = className;
  return made;
};

const changesOf = (row) => [...row.querySelectorAll('[data-field]')];

/** Every field that the run touches, with the value it begins with. Not the ranges of memory (ram[a..b)): they overlap, and mean nothing beside each other. */
const fieldsOf = (rows) => {
  const fields = new Map();
  for (const { dataset } of rows.flatMap(changesOf))
    if (!dataset.field.endsWith(')') && !fields.has(dataset.field)) fields.set(dataset.field, dataset.before);
  return fields;
};

const enhance = (run) => {
  const rows = [...run.querySelectorAll('tr[data-step]')];
  const fields = fieldsOf(rows);
  let current = -1;

  const bar = make(run.querySelector('.bar'), 'span', '', 'buttons');
  const button = (text, label, act) => {
    const made = make(bar, 'button', text);
    made.type = 'button';
    made.title = label;
    made.setAttribute('aria-label', label);
    made.addEventListener('click', act);
  };
  run.classList.add('live');
  const state = make(run.querySelector('.panes'), 'aside', '');
  const where = make(state, 'p', '', 'where');
  where.setAttribute('aria-live', 'polite');
  const changes = make(state, 'table', '', 'changed');
  const values = make(state, 'table', '');
  const line = (table, name, value) => {
    const made = make(table, 'tr', '');
    make(made, 'th', name).scope = 'row';
    make(made, 'td', value);
  };

  const show = (index) => {
    if (index < 0 || index >= rows.length) return;
    if (current >= 0) rows[current].removeAttribute('aria-current');
    current = index;
    rows[index].setAttribute('aria-current', 'step');
    rows[index].scrollIntoView({ block: 'nearest' });
    where.textContent = 'step ' + rows[index].dataset.step + ': ' + rows[index].querySelector('.did').textContent;
    changes.replaceChildren();
    const now = new Map(fields);
    for (const { dataset } of rows.slice(0, index + 1).flatMap(changesOf))
      if (fields.has(dataset.field)) now.set(dataset.field, dataset.after);
    for (const { dataset } of changesOf(rows[index])) {
      line(changes, dataset.field, dataset.before + ' \\u2192 ' + dataset.after);
      now.delete(dataset.field);
    }
    values.replaceChildren();
    for (const [name, value] of now) line(values, name, value);
  };
  /** Rows may be hidden: those are passed over. */
  const walk = (from, by) => {
    let index = from;
    while (index >= 0 && index < rows.length && rows[index].getClientRects().length === 0) index += by;
    show(index);
  };
  const first = () => walk(0, 1);
  const back = () => walk(current - 1, -1);
  const forth = () => walk(current + 1, 1);
  const last = () => walk(rows.length - 1, -1);
  button('|\\u25c0', 'first step (Home)', first);
  button('\\u25c0', 'one step back (left arrow)', back);
  button('\\u25b6', 'one step on (right arrow)', forth);
  button('\\u25b6|', 'last step (End)', last);
  const keys = { ArrowLeft: back, ArrowRight: forth, Home: first, End: last };
  const panes = run.querySelector('.panes');
  panes.tabIndex = 0;
  run.addEventListener('keydown', (event) => {
    const act = event.altKey || event.ctrlKey || event.metaKey ? undefined : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  for (const [index, row] of rows.entries()) row.addEventListener('click', () => show(index));

  const command = run.querySelector('.command');
  const copy = make(command.parentNode, 'button', 'copy');
  copy.type = 'button';
  copy.addEventListener('click', async () => {
    getSelection().selectAllChildren(command);
    try {
      await navigator.clipboard.writeText(command.textContent);
      copy.textContent = 'copied';
    } catch {
      copy.textContent = 'selected: copy it';
    }
  });
  first();
};

for (const run of document.querySelectorAll('details.run')) {
  if (run.open) enhance(run);
  else run.addEventListener('toggle', () => enhance(run), { once: true });
}
`;
