import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { approval } from './plugins/approval';
import { commands } from './plugins/commands';
import { conversations } from './plugins/conversations';
import { notebook } from './plugins/notebook';
import { panel } from './plugins/panel';
import { service } from './plugins/service';

/**
 * Everything that the extension adds to JupyterLab, one plugin per concern.
 */
const plugins: JupyterFrontEndPlugin<unknown>[] = [
  conversations,
  service,
  panel,
  notebook,
  approval,
  commands
];

export default plugins;
