import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { approval } from './plugins/approval';
import { asking } from './plugins/asking';
import { attention } from './plugins/attention';
import { commands } from './plugins/commands';
import { conversations } from './plugins/conversations';
import { material } from './plugins/material';
import { notebook } from './plugins/notebook';
import { panel } from './plugins/panel';
import { preferences } from './plugins/preferences';
import { service } from './plugins/service';
import { status } from './plugins/status';

/**
 * Everything that the extension adds to JupyterLab, one plugin per concern.
 */
const plugins: JupyterFrontEndPlugin<unknown>[] = [
  preferences,
  conversations,
  service,
  material,
  panel,
  notebook,
  approval,
  asking,
  commands,
  status,
  attention
];

export default plugins;
