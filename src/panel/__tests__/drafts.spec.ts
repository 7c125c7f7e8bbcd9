import type { IAttached } from '../attached';
import type { DraftStore } from '../drafts';
import { Drafts, unbegun } from '../drafts';
import { PanelState } from '../panelState';

function attached(data: string): IAttached {
  const attachment = { kind: 'image', name: 'a', text: '', mime: '' } as const;
  return { attachment: { ...attachment, data }, shown: true, problem: '' };
}

beforeEach(() => localStorage.clear());

const drafts = (prefix = '') =>
  new Drafts(localStorage, prefix, () => 'too large');

it('are there when the page is loaded again, each in its conversation', () => {
  drafts().set('c1', { text: 'one', attached: [attached('AA')] });
  drafts().set('c2', { text: 'two', attached: [] });
  expect(drafts().of('c1')).toEqual({
    text: 'one',
    attached: [attached('AA')]
  });
  expect(drafts().of('c2').text).toBe('two');
  expect(drafts('other').of('c1').text).toBe('');
});

it('leave nothing behind when they are empty', () => {
  drafts().set('c1', { text: 'one', attached: [] });
  drafts().set('c1', { text: '', attached: [] });
  expect(localStorage).toHaveLength(0);
});

it('say what was too large to be kept, and keep the rest', () => {
  const large = attached('x'.repeat(600_000));
  const own = drafts();
  own.set('c1', { text: 'look', attached: [large, attached('AA')] });
  expect(own.of('c1').attached[0]).toBe(large);
  const [lost, kept] = drafts().of('c1').attached;
  expect([lost.problem, lost.attachment.data]).toEqual(['too large', '']);
  expect(kept).toEqual(attached('AA'));
});

it('last as long as the page where nothing can be kept', () => {
  const full: DraftStore = {
    length: 0,
    key: () => null,
    getItem: () => {
      throw new Error('not allowed');
    },
    setItem: () => {
      throw new Error('full');
    },
    removeItem: () => undefined
  };
  const own = new Drafts(full);
  expect(own.of('c1').text).toBe('');
  own.set('c1', { text: 'one', attached: [] });
  expect(own.of('c1').text).toBe('one');
});

it('do not stand in the way when what was kept is damaged', () => {
  drafts().set('c1', { text: 'one', attached: [] });
  const [name] = Object.keys(localStorage);
  localStorage.setItem(name, '{');
  expect(drafts().of('c1')).toEqual({ text: '', attached: [] });
});

it('are kept for the latest conversations only', () => {
  const own = drafts();
  jest.useFakeTimers();
  for (let index = 0; index < 40; index++) {
    jest.setSystemTime(index * 1000);
    own.set(`c${index}`, { text: 'x', attached: [] });
  }
  jest.useRealTimers();
  expect(localStorage).toHaveLength(30);
  expect([drafts().of('c9').text, drafts().of('c10').text]).toEqual(['', 'x']);
});

describe('what is being written', () => {
  it('goes along when its conversation or its notebook begins', () => {
    const panel = new PanelState(drafts());
    panel.writeIn(unbegun(''));
    panel.draft = 'first words';
    panel.writeIn(unbegun('a.ipynb'));
    expect(panel.draft).toBe('first words');
    panel.writeIn('c1', 'a.ipynb');
    expect(panel.draft).toBe('first words');
  });

  it('stays where it is for another notebook, and where something stands', () => {
    const panel = new PanelState(drafts());
    panel.writeIn('c1');
    panel.draft = 'of c1';
    panel.writeIn(unbegun('a.ipynb'));
    expect(panel.draft).toBe('');
    panel.draft = 'about a';
    panel.writeIn('c2', 'b.ipynb');
    expect(panel.draft).toBe('');
    panel.writeIn(unbegun('a.ipynb'));
    panel.writeIn('c1', 'a.ipynb');
    expect(panel.draft).toBe('of c1');
  });
});
