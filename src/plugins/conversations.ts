import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { UUID } from '@lumino/coreutils';

import { Api } from '../client/api';
import { Conversations } from '../client/conversations';
import { IConversations } from '../tokens';

/** Follows conversations, shown or not. */
export const conversations: JupyterFrontEndPlugin<IConversations> = {
  id: 'jupyter_codeact:conversations',
  description: 'Follows the conversations that this page needs.',
  autoStart: true,
  provides: IConversations,
  activate: app =>
    new Conversations(new Api(app.serviceManager.serverSettings), UUID.uuid4())
};
