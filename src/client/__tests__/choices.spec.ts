import type { IStatus } from '../../tokens';
import { Choices } from '../choices';
import { Journal } from './journal';

const OFFLINE = { name: 'offline', model: 'offline-analyst', offline: true };
const A = { name: 'a', model: 'm', offline: false };
const B = { name: 'b', model: 'n', offline: false };

function status(connection: string, choices = [A, B, OFFLINE]): IStatus {
  return {
    version: '1',
    model: {
      name: '',
      connection,
      ready: true,
      problem: '',
      offline: connection === 'built-in',
      fixed: false,
      choices
    },
    approval: 'ask',
    approvals: { offline: 'auto', model: 'ask' },
    approval_floor: 'auto',
    limits: { steps: 25, seconds: null, tokens: null },
    attachments: { most: 20, file_bytes: 1000000, image_bytes: 10000000 },
    document_writer: 'browser'
  };
}

/** A conversation whose latest run was answered by that model over that connection. */
function answered(model: string, connection: string) {
  const { state } = new Journal('c', 'a.ipynb').run().end();
  state.runs[0].model = model;
  state.runs[0].connection = connection;
  return state;
}

describe('what answers a conversation', () => {
  it('is what was chosen, else what answered last, else what answers everywhere', () => {
    const choices = new Choices();
    const state = answered('n', 'b');
    expect(choices.answering(null, status('a'))).toBe(A);
    expect(choices.answering(null, status('built-in'))).toBe(OFFLINE);
    expect(choices.answering(state, status('a'))).toBe(B);
    choices.choose(state, 'offline');
    expect(choices.answering(state, status('a'))).toBe(OFFLINE);
    expect(choices.answering(answered('n', 'b'), null)).toBe(null);
  });

  it('stays with the offline analyst that answered last', () => {
    const state = answered('offline-analyst', 'built-in');
    expect(new Choices().answering(state, status('a'))).toBe(OFFLINE);
  });

  it('is not what cannot be chosen any more', () => {
    const choices = new Choices();
    const state = answered('m', 'gone');
    expect(choices.answering(state, status('b'))).toBe(B);
    choices.choose(state, 'gone too');
    expect(choices.answering(state, status('b'))).toBe(B);
    expect(choices.answering(state, status('c', []))).toBe(null);
  });

  it('belongs to the conversation that begins with it', () => {
    const choices = new Choices();
    choices.choose(null, 'b');
    choices.begin('c');
    expect(choices.chosen('c')).toBe('b');
    expect(choices.answering(null, status('a'))).toBe(A);
    choices.choose(null, 'b');
    expect(choices.chosen('d')).toBeUndefined();
    choices.forget();
    expect(choices.answering(null, status('a'))).toBe(A);
  });

  it('decides what approval holds', () => {
    const choices = new Choices();
    expect(choices.approval(null, null)).toBe('ask');
    expect(choices.approval(null, status('a'))).toBe('ask');
    expect(choices.approval(null, status('built-in'))).toBe('auto');
    choices.choose(null, 'offline');
    expect(choices.approval(null, status('a'))).toBe('auto');
  });
});
