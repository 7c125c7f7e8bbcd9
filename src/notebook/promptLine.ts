import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IComposer, IPreferences } from '../tokens';
import { setApart } from './apart';
import { keepUp } from './upkeep';

const CLASS = 'jp-CodeAct-promptLine';

export interface IPromptLineOptions {
  composer: IComposer;
  preferences: IPreferences;
  trans: TranslationBundle;
}

/** Below the last cell of every notebook the user can begin a message, where that is wanted. */
export function addPromptLines(
  tracker: INotebookTracker,
  options: IPromptLineOptions
): void {
  const again = keepUp(tracker, panel => {
    const line = panel.node.querySelector(`.${CLASS}`);
    const wanted = options.preferences.isOn('showPromptLine');
    if (line && !wanted) {
      line.remove();
    } else if (!line && wanted) {
      panel.content.outerNode.append(promptLine(panel, options));
    }
  });
  options.preferences.changed.connect(again);
}

function promptLine(
  panel: NotebookPanel,
  { composer, trans }: IPromptLineOptions
): HTMLFormElement {
  const form = document.createElement('form');
  const input = document.createElement('input');
  form.className = CLASS;
  setApart(form, true);
  input.type = 'text';
  input.placeholder = trans.__('Ask CodeAct …');
  input.setAttribute('aria-label', trans.__('Ask CodeAct about this notebook'));
  form.append(input);
  form.addEventListener('submit', event => {
    event.preventDefault();
    const last = panel.content.widgets.length - 1;
    panel.content.activeCellIndex = last; // what comes goes on at the end
    composer.compose(input.value.trim());
    input.value = '';
  });
  return form;
}
