import { LabIcon } from '@jupyterlab/ui-components';

import codeactSvg from '../../style/icons/codeact.svg';

/** The panel's icon: a cell with a prompt, and the spark of something that acts. */
export const codeactIcon = new LabIcon({
  name: 'jupyter_codeact:codeact',
  svgstr: codeactSvg
});
