/**
 * Runs a tree of widgets on a terminal, on its alternate screen, and leaves it as it was.
 *
 * It draws at most every 15 milliseconds, and not at all while the connection is behind: what a slow link missed is never
 * sent. Control+C that nothing takes ends it. It refuses to be used twice: an app is one session's.
 */
import type { CloseReason } from '../../transport/close-reason.ts';
import type { IPushProducer } from '../../transport/contracts.ts';
import { asError, LocalMisuseError } from '../../transport/errors.ts';
import { TerminalProtocol, type ITerminalTransport } from '../contracts.ts';
import { Renderer } from '../drawing/renderer.ts';
import { keystrokeName, type Keystroke, type MouseEvent, type Paste } from '../keystroke.ts';
import { resolveAppOptions, type AppOptions } from './app-options.ts';
import type { Picture } from './picture.ts';
import { Stage } from './stage.ts';
import { themeFor } from './theme.ts';
import type { Widget } from './widget.ts';

const BETWEEN_PICTURES = 15;
/** A terminal may say that it is of any size; no more is drawn. */
const most = { columns: 1_000, rows: 500 } as const;

export class App extends TerminalProtocol implements IPushProducer {
  readonly #options: Required<AppOptions>;
  readonly #stage: Stage;
  #terminal: ITerminalTransport | undefined;
  #renderer: Renderer | undefined;
  #state: 'new' | 'running' | 'ended' = 'new';
  #isPaused = false;
  #drawnAt = -Infinity;
  /** When the next picture is due, and how to call it off. */
  #due: { readonly at: number; readonly cancel: () => void } | undefined;

  constructor(root: Widget, options: AppOptions = {}) {
    super();
    this.#stage = new Stage(root);
    this.#options = resolveAppOptions(options);
  }

  // — for the program —

  /** Something has changed that no key or click did: draw soon. */
  redraw(): void {
    this.#drawBy(Math.max(this.#options.clock.now(), this.#drawnAt + BETWEEN_PICTURES));
  }

  /** The widget that gets the keys, if it is on the screen. */
  focus(widget: Widget): void {
    this.#stage.focused = widget;
    this.redraw();
  }

  /** Put a widget over everything else, such as a dialog: it alone gets keys and clicks until it is closed. */
  open(layer: Widget): void {
    this.#stage.open(layer);
    this.redraw();
  }

  /** Take away what was opened last. */
  closeLayer(): void {
    this.#stage.closeLayer();
    this.redraw();
  }

  /** End, with an exit status: the screen is as it was before, and the connection closes. */
  close(code = 0): void {
    if (this.#state !== 'running') return;
    this.#end();
    this.#terminal?.unregisterProducer();
    this.#terminal?.exit(code);
  }

  // — from the terminal —

  override makeConnection(terminal: ITerminalTransport): void {
    if (this.#state !== 'new') throw new LocalMisuseError('an app runs once: make one for each session');
    this.#state = 'running';
    this.#terminal = terminal;
    this.#renderer = new Renderer(terminal.capabilities);
    terminal.registerProducer(this, true);
    terminal.setPrivateModes(['alternateScreen', 'bracketedPaste']);
    terminal.resetPrivateModes(['cursorVisible']);
    if (this.#options.mouse) terminal.setPrivateModes(['mouseButtons', 'mouseSgr']);
    if (this.#options.title !== '') terminal.setTitle(this.#options.title);
    this.redraw();
    void terminal.probe().then(capabilities => {
      if (this.#renderer) this.#renderer.abilities = capabilities;
      this.redraw();
    });
  }

  override keystrokeReceived(stroke: Keystroke): void {
    if (stroke.event === 'release') return;
    this.redraw();
    const taken = this.#stage.offer(widget => widget.keystrokeReceived(stroke));
    if (taken || this.#stage.moveFocus(keystrokeName(stroke)) || this.#options.onKeystroke(stroke)) return;
    if (keystrokeName(stroke) === 'control+c') this.close();
  }

  override pasteReceived(paste: Paste): void {
    this.redraw();
    this.#stage.offer(widget => widget.pasteReceived(paste));
  }

  override mouseReceived(event: MouseEvent): void {
    this.redraw();
    this.#stage.offerMouse(event);
  }

  override terminalSize(): void {
    this.#renderer?.forget();
    this.redraw();
  }

  override connectionLost(reason: CloseReason): void {
    this.#end();
    this.#options.onEnd(reason);
  }

  // — the connection is behind, or has caught up —

  pauseProducing(): void {
    this.#isPaused = true;
  }

  resumeProducing(): void {
    this.#isPaused = false;
    this.redraw();
  }

  stopProducing(): void {
    this.#end();
  }

  // — inside —

  #drawBy(at: number): void {
    if (this.#state !== 'running' || (this.#due && this.#due.at <= at)) return;
    this.#due?.cancel();
    const { clock } = this.#options;
    this.#due = { at, cancel: clock.after(Math.max(0, at - clock.now()), () => this.#draw()) };
  }

  #draw(): void {
    this.#due = undefined;
    if (this.#state !== 'running' || this.#isPaused) return;
    try {
      this.#show(this.#makePicture());
    } catch (error) {
      this.#terminal?.fail(asError(error));
    }
  }

  #makePicture(): Picture {
    const { columns = 0, rows = 0 } = this.#terminal?.size ?? {};
    const size = { columns: Math.min(columns, most.columns), rows: Math.min(rows, most.rows) };
    const { theme, clock } = this.#options;
    const chosen = theme === 'auto' ? themeFor(this.#terminal?.capabilities ?? { colours: 0, dark: undefined }) : theme;
    return this.#stage.draw(size, { theme: chosen, now: clock.now() });
  }

  #show(picture: Picture): void {
    this.#drawnAt = this.#options.clock.now();
    const bytes = this.#renderer?.render(picture.grid, picture.cursor) ?? '';
    if (bytes !== '') this.#terminal?.write(bytes);
    if (picture.again < Infinity) this.#drawBy(this.#drawnAt + Math.max(BETWEEN_PICTURES, picture.again));
  }

  #end(): void {
    this.#state = 'ended';
    this.#due?.cancel();
    this.#due = undefined;
  }
}
