/**
 * Galata's configuration, for the system's Chromium where there is one.
 *
 * CHROMIUM_PATH names a browser; when it is empty, or not set and there is none in a usual place, Playwright's own is
 * used.
 * UI_TESTS_FOLDER is the folder of the stories (default tests); those in hub meet a JupyterHub, all others a JupyterLab.
 * UI_TESTS_PORT is the port of the JupyterLab under test (default 8888).
 */
const fs = require('fs');
const os = require('os');
const path = require('path');

const baseConfig = require('@jupyterlab/galata/lib/playwright-config');

const port = process.env.UI_TESTS_PORT ?? '8888';
const url = `http://127.0.0.1:${port}`;

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome'
];
const browser =
  process.env.CHROMIUM_PATH ?? usualPlaces.find(place => fs.existsSync(place));

// Workers read this file again: the first reading decides, and they inherit its environment.
process.env.UI_TESTS_HOME ??= fs.mkdtempSync(
  path.join(os.tmpdir(), 'codeact-ui-tests-')
);
const home = process.env.UI_TESTS_HOME;

const folder = process.env.UI_TESTS_FOLDER ?? 'tests';

const endpoint = {
  command: 'python -m jupyter_codeact.tests.endpoint --port 0',
  // The port that it took is ENDPOINT_PORT from then on, in the workers too.
  wait: { stdout: /http:\/\/127\.0\.0\.1:(?<endpoint_port>\d+)/ },
  timeout: 60 * 1000,
  gracefulShutdown: { signal: 'SIGTERM', timeout: 5 * 1000 }
};

const lab = {
  command: 'jupyter lab --config jupyter_server_test_config.py',
  url: `${url}/lab`,
  timeout: 120 * 1000,
  reuseExistingServer: false,
  gracefulShutdown: { signal: 'SIGTERM', timeout: 10 * 1000 },
  env: {
    UI_TESTS_PORT: port,
    JUPYTERLAB_GALATA_ROOT_DIR: path.join(home, 'files'),
    JUPYTER_CONFIG_DIR: path.join(home, 'config'),
    JUPYTER_DATA_DIR: path.join(home, 'data'),
    JUPYTER_RUNTIME_DIR: path.join(home, 'runtime'),
    IPYTHONDIR: path.join(home, 'ipython')
  }
};

const hub = {
  command:
    'exec python -m jupyter_codeact.tests.server.hub "http://127.0.0.1:$ENDPOINT_PORT/v1"',
  // Where the servers of its users are is HUB_ANN and HUB_BEN from then on.
  wait: { stdout: /ann (?<hub_ann>\S+)\s+ben (?<hub_ben>\S+)\s/ },
  timeout: 300 * 1000,
  gracefulShutdown: { signal: 'SIGTERM', timeout: 60 * 1000 }
};

module.exports = {
  ...baseConfig,
  // The stories of real-time collaboration need a JupyterLab of their own: it changes what all others rely on.
  testDir: folder,
  workers: 1,
  retries: 0,
  // Generous: a story fails because it is wrong, not because the machine is busy.
  timeout: 3 * 60 * 1000,
  // A run that hangs ends with a report, not with the patience of whoever waits for it.
  globalTimeout: 45 * 60 * 1000,
  expect: { timeout: 60 * 1000 },
  forbidOnly: true,
  reporter: [['list'], ['html', { open: 'never' }]],
  use: {
    ...baseConfig.use,
    baseURL: url,
    trace: 'retain-on-failure',
    video: 'off',
    launchOptions: {
      executablePath: browser || undefined,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync'
      ]
    }
  },
  webServer: [endpoint, folder === 'hub' ? hub : lab]
};
