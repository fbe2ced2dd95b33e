/**
 * Libuv's threads, where files that other people choose are looked at: there are four, for this whole process.
 *
 * One of them stays for what is nobody's but ours, and for names that are looked up. Whoever reads a user's file does it
 * here, with their home, or another directory that they all have in common, as the place.
 */
import { Patience } from '../patience.ts';

export const fileThreads = new Patience({ most: 3, mostOfOne: 2, time: 30_000 });
