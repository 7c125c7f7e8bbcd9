import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import { isLive } from './client/conversations';
import { CommandIDs, type ICodeAct } from './tokens';

/** The schema of a command that takes no arguments. */
export const NO_ARGUMENTS = { type: 'object', properties: {} };

/** `commands` has the commands about the conversation that is shown. */
export function addCommands(
  commands: CommandRegistry,
  codeact: ICodeAct,
  trans: TranslationBundle
): void {
  commands.addCommand(CommandIDs.newConversation, {
    label: trans.__('New Conversation'),
    caption: trans.__('The next message begins a new conversation'),
    describedBy: { args: NO_ARGUMENTS },
    execute: () => codeact.newConversation()
  });
  commands.addCommand(CommandIDs.stop, {
    label: trans.__('Stop the Run'),
    caption: trans.__('Stop the run and interrupt the kernel'),
    describedBy: { args: NO_ARGUMENTS },
    isEnabled: () => isLive(codeact.current),
    execute: () => codeact.stop()
  });
  commands.addCommand(CommandIDs.goToCell, {
    label: trans.__('Go to Cell'),
    caption: trans.__('Show a cell of the conversation in its notebook'),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          cellId: {
            type: 'string',
            description: trans.__('The id of the cell')
          }
        },
        required: ['cellId']
      }
    },
    execute: args => codeact.goToCell(String(args['cellId']))
  });
}
