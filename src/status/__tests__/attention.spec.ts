import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';

import { Conversation } from '../../panel/__tests__/doubles';
import type {
  IConversationModel,
  IConversations,
  IPreferences
} from '../../tokens';
import { askWhenSwitchedOn, Attention } from '../attention';
import { foremost, standingOf, standingWords } from '../standing';

const trans = nullTranslator.load('jupyter_codeact');

/** Followed conversations in memory. */
class Followed implements IConversations {
  readonly client = 'page';
  readonly followed: IConversationModel[] = [];
  readonly opened: Signal<IConversations, IConversationModel> = new Signal<
    IConversations,
    IConversationModel
  >(this);
  latest = () => Promise.resolve(null);
  hold = () => Promise.reject(new Error('not here'));
  letGo(): void {}
  drop(): void {}
}

/** Settings in memory. */
class Chosen implements IPreferences {
  notify = false;
  readonly changed = new Signal<this, void>(this);
  isOn(): boolean {
    return this.notify;
  }
}

function hide(hidden: boolean): void {
  Object.defineProperty(document, 'hidden', {
    configurable: true,
    value: hidden
  });
  document.dispatchEvent(new Event('visibilitychange'));
}

describe('what a conversation does', () => {
  it('is said in words', () => {
    const model = new Conversation().begin();
    expect(standingWords([], trans)).toBe('CodeAct: idle');
    model.doing('waiting_for_model');
    expect(standingWords([model], trans)).toBe('CodeAct: running step 1');
    model.step(1, 'x').doing('running_cell');
    expect(standingWords([model], trans)).toBe('CodeAct: running step 1');
    model.doing('waiting_for_approval');
    expect(standingWords([model], trans)).toBe('CodeAct: waiting for you');
    expect(standingOf(model.doing('idle'))).toBe('idle');
  });

  it('is counted where several runs are live, and the one that waits comes first', () => {
    const [one, other, third] = [0, 1, 2].map(() => new Conversation().begin());
    one.doing('running_cell');
    other.doing('waiting_for_model');
    third.doing('idle');
    const all = [one, other, third];
    expect(standingWords(all, trans)).toBe('CodeAct: 2 runs');
    expect(foremost(all)).toBe(one);
    other.doing('waiting_for_approval');
    expect(standingWords(all, trans)).toBe(
      'CodeAct: 2 runs, 1 waiting for you'
    );
    expect(foremost(all)).toBe(other);
    one.doing('idle');
    other.doing('idle');
    expect(foremost(all)).toBeNull();
  });
});

describe('who looks elsewhere', () => {
  let model: Conversation;
  let chosen: Chosen;
  let shown: string[][];

  beforeEach(() => {
    document.title = 'sales.ipynb - JupyterLab';
    hide(false);
    model = new Conversation().begin('what is here?').doing('running_cell');
    chosen = new Chosen();
    shown = [];
    const conversations = new Followed();
    const notifier = { show: (...words: string[]) => void shown.push(words) };
    new Attention(conversations, chosen, notifier, trans);
    conversations.opened.emit(model);
  });

  it('sees a mark in the title while a run is live, and until the page is seen', () => {
    expect(document.title).toBe('sales.ipynb - JupyterLab');
    hide(true);
    expect(document.title).toBe('\u25b6 sales.ipynb - JupyterLab');
    model.doing('waiting_for_approval');
    expect(document.title).toBe('\u2753 sales.ipynb - JupyterLab');
    model.doing('idle');
    expect(document.title).toBe('\u2713 sales.ipynb - JupyterLab');
    hide(false);
    expect(document.title).toBe('sales.ipynb - JupyterLab');
  });

  it('is notified of an end and of a question only where that is wanted', () => {
    hide(true);
    model.doing('waiting_for_approval').doing('running_cell');
    expect(shown).toEqual([]);
    chosen.notify = true;
    model.doing('waiting_for_approval').doing('running_cell').doing('idle');
    expect(shown).toEqual([
      ['CodeAct waits for your approval', 'what is here?'],
      ['CodeAct has finished', 'what is here?']
    ]);
    hide(false);
    model.doing('running_cell').doing('idle');
    expect(shown).toHaveLength(2);
  });

  it('is asked for the permission only when switching it on', () => {
    const request = jest.fn(() => Promise.resolve());
    askWhenSwitchedOn(chosen, request);
    chosen.changed.emit(); // the settings are loaded
    expect(request).not.toHaveBeenCalled();
    chosen.notify = true;
    chosen.changed.emit();
    chosen.changed.emit();
    expect(request).toHaveBeenCalledTimes(1);
  });
});
