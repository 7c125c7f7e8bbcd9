import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IConversationModel, IConversations } from '../tokens';
import { foremost, standingOf, standingWords } from './standing';

interface IStatusProps {
  conversations: IConversations;
  trans: TranslationBundle;
  /** The user wants to see the panel, and there the conversation, if one is named. */
  onOpen: (model: IConversationModel | null) => void;
}

/** In the status bar: whether runs go on or wait, and a way to the panel. */
export class StatusItem extends ReactWidget {
  constructor(private readonly options: IStatusProps) {
    super();
    this.addClass('jp-CodeAct-statusItem');
    const { conversations } = options;
    conversations.followed.forEach(model => this.watch(model));
    conversations.opened.connect((_, model) => this.watch(model), this);
  }

  protected override render(): JSX.Element {
    const { conversations, trans, onOpen } = this.options;
    const { followed } = conversations;
    this._words = standingWords(followed, trans);
    return (
      <button
        type="button"
        className={`jp-CodeAct-standing jp-mod-${standingOf(foremost(followed))}`}
        title={trans.__('Open CodeAct')}
        onClick={() => onOpen(foremost(conversations.followed))}
      >
        {this._words}
      </button>
    );
  }

  private watch(model: IConversationModel): void {
    model.stateChanged.connect(this.look, this);
    model.liveChanged.connect(this.look, this);
  }

  /** Renders again where something else is to be said: while a reply streams this is called 200 times a second. */
  private look(): void {
    const { conversations, trans } = this.options;
    if (standingWords(conversations.followed, trans) !== this._words) {
      this.update();
    }
  }

  private _words = '';
}
