import { test as galata } from '@jupyterlab/galata';
import { expect } from '@playwright/test';

import { Endpoint } from './endpoint';
import { Notebook } from './notebook';
import type { Approval } from './panel';
import { Panel } from './panel';

export { expect };

interface IOptions {
  /** Whether the scripted model is connected when the page opens; else the offline analyst answers. */
  connected: boolean;
}

interface IFixtures {
  /** The endpoint of the scripted model. */
  model: Endpoint;
  panel: Panel;
  /** `work.ipynb` in the folder of the test; not written yet. */
  notebook: Notebook;
  /** The panel is open beside `notebook`, whose cells hold `sources`; `approval` says which of the agent's cells wait. */
  begin: (approval?: Approval, sources?: string[]) => Promise<void>;
  /** Errors that nobody caught, and failed requests of the product: there must be none at the end. */
  errors: string[];
}

const CONNECTION = '/jupyter-codeact/connections/scripted';

/** JupyterLab in a page, with the parts of the copilot; a test fails when the page had an error. */
export const test = galata.extend<IFixtures & IOptions>({
  connected: [true, { option: true }],
  viewport: { width: 1440, height: 900 },
  // What the page waits for comes first: the model is connected before the page asks for it.
  waitForApplication: async ({ model }, use) => {
    await model.script([]);
    await use(page =>
      page.locator('#jupyterlab-splash').waitFor({ state: 'detached' })
    );
  },
  model: async ({ connected, request }, use) => {
    if (connected) {
      const data = {
        base_url: Endpoint.baseUrl,
        model: 'scripted',
        chosen: true
      };
      const answer = await request.put(CONNECTION, { data });
      expect(answer.ok(), await answer.text()).toBe(true);
    }
    await use(new Endpoint(request));
    if (connected) {
      await request.delete(CONNECTION);
    }
  },
  panel: async ({ page }, use) => {
    await use(new Panel(page));
  },
  notebook: async ({ page, request, tmpPath }, use) => {
    await use(new Notebook(page, request, `${tmpPath}/work.ipynb`));
  },
  begin: async ({ notebook, panel }, use) => {
    await use(async (approval = 'auto', sources = ['']) => {
      await notebook.write(sources);
      await notebook.open();
      await panel.open();
      if (approval !== 'ask') {
        await panel.approve(approval);
      }
    });
  },
  errors: [
    async ({ page }, use) => {
      const errors: string[] = [];
      page.on('pageerror', error => errors.push(String(error.stack ?? error)));
      page.on('console', message => {
        const { url } = message.location();
        if (message.type() === 'error' && /jupyter[-_]codeact/.test(url)) {
          errors.push(`${url}: ${message.text()}`);
        }
      });
      await use(errors);
      expect(errors).toEqual([]);
    },
    { auto: true }
  ]
});
