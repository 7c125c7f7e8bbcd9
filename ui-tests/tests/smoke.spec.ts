import { expect, test } from '@jupyterlab/galata';

test('JupyterLab starts with every plugin of the extension active', async ({
  page
}) => {
  const plugins = await page.evaluate(() => {
    const app = window.jupyterapp;
    return app
      .listPlugins()
      .filter(id => id.startsWith('jupyter_codeact:'))
      .map(id => ({ id, active: app.isPluginActivated(id) }));
  });

  expect(plugins.length).toBeGreaterThan(0);
  expect(plugins.filter(plugin => !plugin.active)).toEqual([]);
});
