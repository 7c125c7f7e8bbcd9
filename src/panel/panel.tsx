import type { IEditorServices } from '@jupyterlab/codeeditor';
import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ITranslator } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import * as React from 'react';

import type { IMaterial } from '../material';
import type { ICodeAct } from '../tokens';
import { Body } from './body';
import { Drafts, draftKey } from './drafts';
import { codeactIcon } from './icons';
import { PanelState } from './panelState';
import { labelOf } from './attached';
import { safeRenderMime } from './rendering';
import type { IServices } from './services';
import { ServicesProvider } from './services';

/** The side panel: the conversation about the open notebook. */
export class CodeActPanel extends ReactWidget {
  constructor(options: CodeActPanel.IOptions) {
    super();
    const trans = options.translator.load('jupyter_codeact');
    const { codeact } = options;
    const drafts = new Drafts(storage(), options.server ?? '', attachment =>
      trans.__(
        '%1 was too large to be kept: attach it again.',
        labelOf(attachment)
      )
    );
    this._services = {
      codeact,
      panel: new PanelState(drafts),
      material: options.material ?? null,
      commands: options.commands ?? null,
      rendermime: safeRenderMime(options.rendermime, trans),
      editorServices: options.editorServices,
      languages: options.languages ?? null,
      trans
    };
    const turn = () =>
      this._services.panel.writeIn(draftKey(codeact), codeact.binding?.path);
    codeact.currentChanged.connect(turn, this);
    turn();
    this.id = 'jupyter-codeact-panel';
    this.addClass('jp-CodeAct');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('CodeAct'));
    this.title.icon = codeactIcon;
    this.title.caption = trans.__('CodeAct'); // in the main area it is the tab's label too
  }

  /** `text` stands in the composer, after what stands there, and the composer has the focus; nothing is sent. */
  compose(text: string): void {
    this._services.panel.compose(text);
  }

  /** The connections to models are shown. */
  showConnect(): void {
    this._services.panel.view = 'connect';
  }

  /** The conversation is shown, rather than the history or the connections. */
  showConversation(): void {
    this._services.panel.view = 'conversation';
  }

  /** The step of the conversation that is shown stands in view. */
  showStep(step: number): void {
    this._services.panel.showStep(step);
  }

  protected override render(): JSX.Element {
    return (
      <ServicesProvider value={this._services}>
        <Body />
      </ServicesProvider>
    );
  }

  protected override onActivateRequest(msg: Message): void {
    const { panel } = this._services;
    if (panel.view === 'conversation' && panel.wantedStep === null) {
      panel.focusComposer();
    }
  }

  private readonly _services: IServices;
}

export namespace CodeActPanel {
  export interface IOptions {
    codeact: ICodeAct;
    rendermime: IRenderMimeRegistry;
    /** Makes the editor of proposed code; without it a plain text box stands in. */
    editorServices: IEditorServices | null;
    /** Colours code; without it code is plain. */
    languages?: IEditorLanguageRegistry | null;
    /** What a message can name; without it nothing can be named with `@`. */
    material?: IMaterial | null;
    /** The application's commands; without them no cell can be fixed from the message box. */
    commands?: CommandRegistry | null;
    /** The server's address: drafts are kept apart by it. */
    server?: string;
    translator: ITranslator;
  }
}

/** The browser's storage; null where the page may not have it. */
function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
