// Closes a server, in bounded time: whoever does not take its answer must not hold up the end of the relay.
import type { FastifyInstance } from "fastify";

const second = 1000;
/** For answers that are on their way. */
export const lastAnswersMsMax = 5 * second;

export async function close(app: FastifyInstance, answersMsMax = lastAnswersMsMax): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), answersMsMax);
  try {
    await app.close();
  } finally {
    clearTimeout(timer);
  }
}
