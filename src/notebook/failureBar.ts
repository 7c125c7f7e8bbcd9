import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

/** Two buttons at the top of a traceback. */
export class FailureBar extends Widget {
  constructor(
    trans: TranslationBundle,
    ask: (wish: 'fix' | 'explain') => Promise<void>
  ) {
    super();
    this.addClass('jp-CodeAct-part');
    this.addClass('jp-CodeAct-failureBar');
    const add = (wish: 'fix' | 'explain', label: string, title: string) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'jp-CodeAct-button';
      button.textContent = label;
      button.title = title;
      button.addEventListener('click', () => {
        button.disabled = true; // one click, one message
        void ask(wish).finally(() => {
          button.disabled = false;
        });
      });
      this.node.append(button);
    };
    add('fix', trans.__('Fix'), trans.__('Ask CodeAct to fix this cell'));
    add(
      'explain',
      trans.__('Explain'),
      trans.__('Ask CodeAct why this cell failed')
    );
  }
}
