/**
 * What survives a reload, per server, in localStorage.  Unsent commands are stored one by one, so that two tabs
 * do not overwrite each other's; both may send the same one, the server knows its client id.
 */
import type { Outgoing } from "./view";

export interface Stored {
  readonly visitorToken?: string;
  readonly conversation?: string;
  readonly readSeq?: number;
  readonly ratedSeq?: number;
}

export class Storage {
  private readonly prefix: string;

  constructor(server: string) {
    this.prefix = `wasl:${server}:`;
  }

  load(): Stored & { outbox: Outgoing[] } {
    const outbox: Outgoing[] = [];
    let stored: Stored = {};
    this.guarded(() => {
      stored = this.parsed<Stored>(localStorage.getItem(`${this.prefix}visit`)) ?? {};
      for (let i = 0; i < localStorage.length; ++i) {
        const key = localStorage.key(i);
        if (!key?.startsWith(`${this.prefix}out:`)) continue;
        const outgoing = this.parsed<Outgoing>(localStorage.getItem(key));
        if (outgoing?.command?.client_id) outbox.push({ ...outgoing, failed: false });
      }
    });
    outbox.sort((a, b) => a.at.localeCompare(b.at));
    return { ...stored, outbox };
  }

  saveVisit(stored: Stored): void {
    this.guarded(() => localStorage.setItem(`${this.prefix}visit`, JSON.stringify(stored)));
  }

  keep(outgoing: Outgoing): void {
    const key = `${this.prefix}out:${outgoing.command.client_id}`;
    this.guarded(() => localStorage.setItem(key, JSON.stringify(outgoing)));
  }

  drop(clientId: string): void {
    this.guarded(() => localStorage.removeItem(`${this.prefix}out:${clientId}`));
  }

  private parsed<T>(text: string | null): T | undefined {
    try {
      return text === null ? undefined : (JSON.parse(text) as T);
    } catch {
      return undefined;
    }
  }

  /** Private windows and full disks refuse storage; the chat then lives as long as the page. */
  private guarded(action: () => void): void {
    try {
      action();
    } catch {
      // Nothing is lost that was promised: unsent messages still stand in the view.
    }
  }
}
