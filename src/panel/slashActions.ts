import { CommandIDs } from '../tokens';
import { exportFormats, openExportMenu } from './exportMenu';
import type { IServices } from './services';
import type { IAsked, SlashName } from './slash';
import { slashCommands } from './slash';
import { visible } from './words';

/** What happened: whether it was done, and what is to be said. */
export interface IDone {
  done: boolean;
  words: string;
}

const DONE: IDone = { done: true, words: '' };

/** Whether there is a command of that name. */
export function isSlash(
  { name }: IAsked,
  { trans }: Pick<IServices, 'trans'>
): boolean {
  return slashCommands(trans).some(each => each.name === name);
}

/**
 * The command is carried out. Rejects with an `Error` in words.
 *
 * @param asked What is asked for.
 * @param services What the panel has.
 * @param box Where it was written, and where the focus returns from a menu.
 * @param onProblem Told of what fails later, after a choice in a menu.
 */
export async function carryOut(
  { name, words }: IAsked,
  services: IServices,
  box: HTMLElement,
  onProblem: (error: unknown) => void
): Promise<IDone> {
  const { codeact, panel, trans } = services;
  switch (name as SlashName) {
    case 'fix':
      return about(CommandIDs.fixCell, words, services);
    case 'explain':
      return about(CommandIDs.explainCell, words, services);
    case 'new':
      codeact.newConversation();
      panel.draft = words;
      panel.focusComposer();
      return DONE;
    case 'model':
      return chooseModel(words, services, box);
    case 'export':
      return save(words, services, box, onProblem);
    case 'help':
      panel.help = true;
      return DONE;
    default:
      return refused(trans.__('There is no command /%1.', visible(name)));
  }
}

async function about(
  command: string,
  words: string,
  { codeact, commands, trans }: IServices
): Promise<IDone> {
  const notebook = codeact.binding?.path;
  if (notebook === undefined || !commands?.hasCommand(command)) {
    return refused(trans.__('Open a notebook first.'));
  }
  await commands.execute(command, { notebook, words });
  return DONE;
}

function chooseModel(
  words: string,
  { codeact, panel, trans }: IServices,
  box: HTMLElement
): IDone {
  const model = codeact.status?.model;
  if (!model || model.fixed) {
    return refused(trans.__('The model is set by the administrator.'));
  }
  const wanted = words.trim().toLowerCase();
  if (!wanted) {
    showPicker(box);
    return DONE;
  }
  const names = model.choices.map(choice => ({
    choice,
    texts: [choice.name.toLowerCase(), choice.model.toLowerCase()]
  }));
  const found =
    names.find(({ texts }) => texts.includes(wanted)) ??
    names.find(({ texts }) => texts.some(text => text.includes(wanted)));
  if (!found) {
    return refused(
      trans.__('There is no model %1. Connect it first.', visible(words))
    );
  }
  codeact.choose(found.choice.name);
  panel.focusComposer();
  return {
    done: true,
    words: trans.__('%1 answers from now on.', visible(found.choice.model))
  };
}

/** The panel's list of models has the focus and, where the browser lets us, is open. */
function showPicker(box: HTMLElement): void {
  const list = box
    .closest('.jp-CodeAct')
    ?.querySelector<HTMLSelectElement>('.jp-CodeAct-model');
  list?.focus();
  try {
    list?.showPicker?.();
  } catch {
    // The browser opens it for the user's next key only; the focus is there.
  }
}

async function save(
  words: string,
  { codeact, trans }: IServices,
  box: HTMLElement,
  onProblem: (error: unknown) => void
): Promise<IDone> {
  const id = codeact.current?.id;
  if (id === undefined) {
    return refused(
      trans.__('There is nothing to save yet: the conversation is empty.')
    );
  }
  const wanted = words.trim().toLowerCase();
  if (wanted) {
    const formats = exportFormats(trans).map(([format]) => format);
    const format = formats.find(each => each === wanted);
    if (!format) {
      return refused(
        trans.__(
          'There is no format %1: use one of %2.',
          visible(words),
          [...formats].join(', ')
        )
      );
    }
    await codeact.history.download(id, format);
    return { done: true, words: trans.__('Saved by the browser.') };
  }
  openExportMenu(box, trans, format => {
    void codeact.history.download(id, format).catch(onProblem);
  });
  return DONE;
}

function refused(words: string): IDone {
  return { done: false, words };
}
