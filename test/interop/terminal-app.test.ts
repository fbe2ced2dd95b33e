/** A terminal app as people meet it: examples/terminal/hello.ts, OpenSSH's client, and a real terminal (tmux). */
import { spawnSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ServerEvent } from '../../server/events.ts';
import { App } from '../../terminal/widgets/app.ts';
import { Label } from '../../terminal/widgets/label.ts';
import { sshOptions } from './peers.ts';
import { clientEnvironment } from './run.ts';
import { startDeadline } from './running-server.ts';
import type { Screen } from './screen.ts';
import { canVisit, ServedApp } from './served-app.ts';

function facts(): void {
  let served: ServedApp;

  beforeAll(async () => {
    served = await ServedApp.example('hello');
  }, startDeadline);
  afterAll(() => served[Symbol.dispose]());

  test('a session without a terminal is told what to type instead', () => {
    const { login } = served;
    const { stderr, status } = spawnSync('ssh', [...sshOptions(login), login.host, 'anything'], {
      env: clientEnvironment(login.home),
      encoding: 'utf8',
    });
    expect({ stderr, status }).toEqual({ stderr: 'This service needs a terminal. Try: ssh -t …\n', status: 1 });
  });

  describe('in a terminal', () => {
    let screen: Screen;

    beforeEach(async () => {
      screen = served.visit();
      await screen.until(/^hello; your \S+ has 100 columns and 30 rows$/m);
    });
    afterEach(() => served.clear());

    test('it asks the terminal who it is', async () => {
      await screen.until(/^it is tmux [\d.]+\w?, 16777216 colours$/m);
    });

    test('every key arrives as what it is', async () => {
      const keys = [
        'a',
        'é',
        'Up',
        'C-Right',
        'M-f',
        'F5',
        'S-F1',
        'Home',
        'DC',
        'BTab',
        'C-a',
        'Enter',
        'BSpace',
        'Escape',
      ];
      for (const key of keys) screen.press(key);
      const names = ['a', 'é', 'up', 'control+right', 'alt+f', 'f5', 'shift+f1', 'home', 'delete', 'shift+tab'];
      const more = ['control+a', 'enter', 'backspace', 'escape'];
      const text = await screen.until(/^key escape$/m);
      expect(text.match(/(?<=^key ).*$/gm)).toEqual([...names, ...more]);
    });

    test('a new size of the window is told', async () => {
      screen.resize(90, 20);
      await screen.until(/^now it has 90 columns and 20 rows$/m);
    });

    test('ending it gives the screen back as it was', async () => {
      screen.press('C-c');
      const text = await screen.until(/^ended with status 0$/m);
      expect(text).not.toMatch(/hello/);
    });
  });
}

/** How an app of the test's own ends, as the person sees it and as the server's log has it. */
function ends(): void {
  const isThere = /the app is there/;

  /** What is on the screen when `key` has been pressed and the client has ended. */
  async function endsBy(key: string): Promise<{ shown: string; failures: string[] }> {
    const events: ServerEvent[] = [];
    using served = await ServedApp.of(makeApp, event => events.push(event));
    const screen = served.visit();
    await screen.until(isThere);
    screen.press(key);
    const shown = await screen.until(/^ended with status \d+$/m);
    return { shown, failures: events.flatMap(event => (event.event === 'session-error' ? [event.error] : [])) };
  }

  function makeApp(): App {
    const app: App = new App(new Label('the app is there'), {
      onKeystroke: ({ key }) => {
        if (key === 'x') throw new Error('secret reason');
        if (key === '7') app.close(7);
        return true;
      },
    });
    return app;
  }

  test('the exit status that the app has chosen is ssh’s', async () => {
    expect(await endsBy('7')).toEqual({ shown: expect.stringMatching(/^ended with status 7\n*$/), failures: [] });
  });

  test('an app that throws gives the screen back, says that it has failed, and is in the log once', async () => {
    const { shown, failures } = await endsBy('x');
    expect(shown.trimEnd().split('\n')).toEqual([
      'nacre: the session has failed; the server has the reason in its log',
      'ended with status 1',
    ]);
    expect(failures).toEqual(['secret reason']);
  });
}

const isPossible = canVisit();

describe('examples/terminal/hello.ts', () => {
  if (isPossible) facts();
});

describe('the end of an app', () => {
  if (isPossible) ends();
});
