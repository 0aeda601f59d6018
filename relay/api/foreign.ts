// Refuses what another web page makes a browser send here. A page may not read our answers, but could ask for machines.
import type { FastifyRequest } from "fastify";
import { RelayError } from "../errors.ts";

const loopbackNames = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * An onRequest hook. Without keys the Host must be a name of this machine: a foreign name that was made to lead here
 * (DNS rebinding) is not. The port may differ, as it does through an SSH tunnel: whoever rebinds a name knows ours.
 */
export function refuseForeign({ hasKeys }: { hasKeys: boolean }) {
  return async ({ headers }: FastifyRequest): Promise<void> => {
    const host = (headers.host ?? "").toLowerCase();
    if (!hasKeys && !loopbackNames.test(host.replace(/:\d+$/, ""))) {
      throw new RelayError("host.foreign", {
        message: "a relay without API_KEYS answers to names of this machine only",
        field: "host",
        expected: "localhost, 127.0.0.1 or [::1]",
        got: JSON.stringify(host.slice(0, 100)),
      });
    }
    const { origin } = headers;
    if (
      origin !== undefined &&
      origin.toLowerCase() !== `http://${host}` &&
      origin.toLowerCase() !== `https://${host}`
    ) {
      throw new RelayError("origin.foreign", {
        message: "a page of another origin may not call this relay",
        field: "origin",
        expected: `http://${host}`,
        got: JSON.stringify(origin.slice(0, 100)),
      });
    }
  };
}
