/** What every public topic has: a name, subscribers, and a turn in each step. */
import type { Peer } from "./peer.ts";

export interface PublicTopic {
  readonly name: string;
  readonly peers: Set<Peer>;
  /** Sends what a new subscriber gets first. */
  welcome(peer: Peer, nowMs: number): void;
  /** Publishes what is due. Called once a step while somebody subscribes. */
  tick(nowMs: number): void;
}

export function sendAll(topic: PublicTopic, frame: string): void {
  for (const peer of topic.peers) peer.push(topic.name, frame);
}
