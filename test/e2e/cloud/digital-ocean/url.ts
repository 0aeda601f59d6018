// The whole address that was asked for, as links in answers begin with it.
import type { FastifyRequest } from "fastify";

export const host = "api.digitalocean.com";

export const urlOf = (request: FastifyRequest): URL => new URL(request.url, `https://${host}`);
