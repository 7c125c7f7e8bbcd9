import { Recall } from '../recall';

const SENT = ['one', 'two', 'two', 'three'];

function box(draft = '') {
  const recall = new Recall();
  let text = draft;
  return {
    /** What stands in the box after the key; null where it kept its usual meaning. */
    up: (caret: number | null = 0) => move(-1, caret),
    down: (caret: number | null = 0) => move(1, caret),
    type: (typed: string) => (text = typed)
  };
  function move(step: -1 | 1, caret: number | null): string | null {
    const found = recall.move(step, SENT, text, caret);
    text = found ?? text;
    return found;
  }
}

it('goes back through what was sent, each once, and stops at the first', () => {
  const { up } = box();
  expect([up(), up(), up(), up()]).toEqual(['three', 'two', 'one', null]);
});

it('comes back to what was being written', () => {
  const { up, down } = box('draft');
  expect([up(), up(), down(1), down(null), down(3)]).toEqual([
    'three',
    'two',
    null,
    null,
    'three'
  ]);
  expect([down(), down()]).toEqual(['draft', null]);
});

it('leaves the keys alone inside a text, and where something is selected', () => {
  expect(box('draft').up(2)).toBeNull();
  expect(box('draft').up(null)).toBeNull();
  expect(box('').down()).toBeNull();
});

it('begins anew when what it brought was changed', () => {
  const { down, type, up } = box();
  up();
  type('three and more');
  expect(down()).toBeNull();
  expect([up(), up()]).toEqual(['three', 'two']);
  expect([down(), down()]).toEqual(['three', 'three and more']);
});
