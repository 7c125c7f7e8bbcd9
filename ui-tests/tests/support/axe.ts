import type { Page } from '@playwright/test';
import axe from 'axe-core';

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
