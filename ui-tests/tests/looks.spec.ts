/**
 * The main story at the widths and in the themes that people use.
 *
 * With IMAGES set, two of the screenshots become those of the README: `jlpm images`.
 */
import { join } from 'node:path';

import { expect, test } from './support/test';

test.use({ connected: false });

const IMAGES = join(__dirname, '..', '..', 'docs', 'images');

test('the panel fits its width, light and dark', async ({
  notebook,
  page,
  panel
}, info) => {
  await notebook.writeExample();
  await notebook.open();
  await panel.open();
  await page.sidebar.close('left');
  await panel.send(
    'Profile deliveries.csv and show what drives late deliveries'
  );
  await expect(panel.prose.last()).toContainText(/\d/);
  await panel.finished();

  const scroller = panel.node.locator('.jp-CodeAct-scroller');
  const plot = panel.cards.filter({ has: page.locator('img') }).last();
  for (const theme of ['light', 'dark']) {
    if (theme === 'dark') {
      await page.theme.setDarkTheme();
    }
    for (const width of [320, 480, 600]) {
      await page.sidebar.setWidth(width, 'right');
      await plot.getByRole('button', { name: 'Go to the cell' }).click();
      await plot.evaluate(node => node.scrollIntoView({ block: 'start' }));
      const [over, narrow] = await scroller.evaluate(node => [
        node.scrollWidth - node.clientWidth,
        node.clientWidth
      ]);
      expect(over).toBe(0);
      expect(narrow).toBeGreaterThan(width - 20);
      const name = `panel-${theme}-${width}`;
      await page.screenshot({ path: info.outputPath(`${name}.png`) });
      await info.attach(name, { path: info.outputPath(`${name}.png`) });
      if (process.env.IMAGES && width === 480) {
        await page.screenshot({ path: join(IMAGES, `panel-${theme}.png`) });
      }
    }
  }
});
