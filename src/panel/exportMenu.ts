import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';

import type { ExportFormat } from '../tokens';

/**
 * Opens the menu of the forms that a conversation can be saved in, below the button that asks for it.
 *
 * @param button Where the menu opens, and what has the focus again when it closes.
 * @param trans The panel's words.
 * @param choose What is done with the chosen form.
 */
export function openExportMenu(
  button: HTMLElement,
  trans: TranslationBundle,
  choose: (format: ExportFormat) => void
): void {
  const commands = new CommandRegistry();
  const menu = new Menu({ commands });
  menu.title.label = trans.__('Export');
  for (const [format, label] of exportFormats(trans)) {
    commands.addCommand(format, {
      label,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => choose(format)
    });
    menu.addItem({ command: format });
  }
  menu.aboutToClose.connect(() => {
    button.focus();
    // The chosen command runs after the menu has closed.
    window.setTimeout(() => menu.dispose());
  });
  const { left, bottom } = button.getBoundingClientRect();
  menu.open(left, bottom);
  menu.activeIndex = 0;
}

/** The forms that a conversation can be saved in, and their names. */
export function exportFormats(
  trans: TranslationBundle
): [ExportFormat, string][] {
  return [
    ['ipynb', trans.__('Notebook (.ipynb)')],
    ['markdown', trans.__('Markdown (.md)')],
    ['jsonl', trans.__('Journal, all events (.jsonl)')],
    ['openai', trans.__('Fine-tuning, OpenAI chat (.jsonl)')],
    ['codeactinstruct', trans.__('Fine-tuning, CodeActInstruct (.jsonl)')]
  ];
}
