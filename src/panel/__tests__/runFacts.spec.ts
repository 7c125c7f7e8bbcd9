import { nullTranslator } from '@jupyterlab/translation';

import type { Price } from '../../events';
import { factWords, factsOf, money } from '../runFacts';
import { viewsOf } from '../views';
import { Conversation } from './doubles';

const trans = nullTranslator.load('test');
const PRICE: Price = { prompt: 2, completion: 20, cached: null };

const wordsOf = ({ state }: Conversation) =>
  factWords(factsOf(state, state.runs[state.runs.length - 1]), trans);

describe('the facts of a run', () => {
  it('are cells, errors that were fixed, time and tokens', () => {
    const conversation = new Conversation()
      .begin()
      .step(1, 'a', 'error')
      .step(2, 'b', 'error')
      .step(3, 'c')
      .step(4, 'd')
      .reply(5, 'It is done.');
    expect(wordsOf(conversation)).toBe('4 cells, 1 fixed, 8.4 s, 5.0k tokens');
  });

  it('do not call an error fixed that no cell followed', () => {
    const conversation = new Conversation().begin().step(1, 'a', 'error');
    expect(factsOf(conversation.state, conversation.state.runs[0]).fixed).toBe(
      0
    );
  });

  it('have the cost where a price is known, and say what was estimated', () => {
    const exact = new Conversation().begin('go', 'r1', PRICE).reply(1, 'Done.');
    expect(wordsOf(exact)).toBe('1.0 s, 1.0k tokens, $0.004');
    const about = new Conversation().begin('go', 'r1', PRICE);
    expect(wordsOf(about.reply(1, 'Done.', true))).toBe(
      '1.0 s, ~1.0k tokens, ~$0.004'
    );
  });

  it('are those of one run', () => {
    const conversation = new Conversation()
      .begin()
      .step(1, 'a')
      .end('answered')
      .begin('again', 'r2')
      .reply(2, 'Done.');
    expect(wordsOf(conversation)).toBe('1.0 s, 1.0k tokens');
    expect(conversation.state.usage.prompt_tokens).toBe(1800);
  });

  it('are empty where nothing was done', () => {
    expect(wordsOf(new Conversation().begin())).toBe('');
  });
});

describe('money', () => {
  it.each([
    [0, '$0.000'],
    [0.0124, '$0.012'],
    [0.00042, '$0.00042'],
    [0.0003, '$0.0003'],
    [0.000001, '<$0.00001'],
    [12.345, '$12.35']
  ])('%d is %s', (cost, words) => {
    expect(money(cost)).toBe(words);
  });
});

it('a reduced history is said where it happened', () => {
  const { state } = new Conversation()
    .begin()
    .step(1, 'a')
    .add({
      kind: 'history_reduced',
      through_seq: 3,
      chars: 200,
      notebooks: false,
      dropped_seq: 0,
      context_tokens: 8000,
      refused: false,
      prompt_tokens: 0
    })
    .step(2, 'b');
  expect(viewsOf(state, null, true).map(view => view.kind)).toEqual([
    'message',
    'step',
    'reduced',
    'step'
  ]);
});
