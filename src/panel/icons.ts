import { LabIcon } from '@jupyterlab/ui-components';

import codeactSvg from '../../style/icons/codeact.svg';
import hiddenSvg from '../../style/icons/hidden.svg';
import shownSvg from '../../style/icons/shown.svg';

/** The panel's icon: a cell with a prompt, and the spark of something that acts. */
export const codeactIcon = new LabIcon({
  name: 'jupyter_codeact:codeact',
  svgstr: codeactSvg
});

/** The model sees it. */
export const shownIcon = new LabIcon({
  name: 'jupyter_codeact:shown',
  svgstr: shownSvg
});

/** The model does not see it. */
export const hiddenIcon = new LabIcon({
  name: 'jupyter_codeact:hidden',
  svgstr: hiddenSvg
});
