import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Page, TestInfo } from '@playwright/test';
import { expect } from '@playwright/test';
import axe from 'axe-core';

import type { Panel } from './panel';

/** What axe-core finds wrong with the panel, or with `part`, as it stands, each as its rule and the elements. */
export async function violations(
  page: Page,
  part = '#jupyter-codeact-panel'
): Promise<string[]> {
  const has = await page.evaluate(() => 'axe' in window);
  if (!has) {
    await page.evaluate(axe.source);
  }
  return page.evaluate(async part => {
    const found = await (window as unknown as { axe: typeof axe }).axe.run(
      part,
      { resultTypes: ['violations'] }
    );
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(
        node => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`
      )
    );
  }, part);
}

/** What judges the panel as it stands, at two widths, light and dark; the report has its pictures. */
export function judge(
  page: IJupyterLabPageFixture,
  panel: Panel,
  info: TestInfo
) {
  return async (state: string): Promise<void> => {
    await page.theme.setLightTheme();
    expect(await violations(page), state).toEqual([]);
    await panel.shoot(info, state);
    expect(await violations(page), `${state}, dark`).toEqual([]);
  };
}
