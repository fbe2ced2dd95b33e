/** Time that stands still until a test moves it. */
export { VirtualClock as FakeClock } from '../../terminal/testing/virtual-clock.ts';
