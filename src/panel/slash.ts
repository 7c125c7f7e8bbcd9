import type { TranslationBundle } from '@jupyterlab/translation';

export type SlashName = 'fix' | 'explain' | 'new' | 'model' | 'export' | 'help';

/** A command of the message box. */
export interface ISlash {
  readonly name: SlashName;
  /** What may follow it, or nothing. */
  readonly more: string;
  readonly about: string;
}

/** What a message that begins like a command asks for; `words` follow the name. */
export interface IAsked {
  name: string;
  words: string;
}

export function slashCommands(trans: TranslationBundle): ISlash[] {
  return [
    {
      name: 'fix',
      more: trans.__('[how]'),
      about: trans.__('Fix the cell that failed, else the active one')
    },
    {
      name: 'explain',
      more: trans.__('[what]'),
      about: trans.__('Explain the failure, else the active cell')
    },
    {
      name: 'new',
      more: trans.__('[message]'),
      about: trans.__('Begin a new conversation')
    },
    {
      name: 'model',
      more: trans.__('[name]'),
      about: trans.__('Choose the model')
    },
    {
      name: 'export',
      more: trans.__('[format]'),
      about: trans.__('Save the conversation as a file')
    },
    { name: 'help', more: '', about: trans.__('Show the commands and keys') }
  ];
}

/** What is typed of a command's name while the caret is in it; null where the message is none. */
export function slashAt(text: string, caret: number): string | null {
  const typed = /^\/([a-z]*)$/i.exec(text.slice(0, caret));
  const rest = /^[a-z]*(?=\s|$)/i.test(text.slice(caret));
  return typed && rest ? typed[1].toLowerCase() : null;
}

/** The command that the message is; null for a message, such as one that begins with a path. */
export function askedFor(text: string): IAsked | null {
  const found = /^\/([a-z][a-z-]*)(?:\s+([\s\S]*))?$/i.exec(text.trim());
  return found && { name: found[1].toLowerCase(), words: found[2] ?? '' };
}
