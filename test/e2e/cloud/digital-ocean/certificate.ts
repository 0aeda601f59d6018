// A certificate for the API's name, signed by itself, and a bundle that trusts it besides all that is trusted anyway.
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { execa } from "execa";
import { host } from "./url.ts";

export interface Certificate {
  key: string;
  cert: string;
}

/** Debian's. */
const systemBundle = "/etc/ssl/certs/ca-certificates.crt";

export async function makeCertificate(): Promise<Certificate> {
  const { stdout } = await execa("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"],
    ...["-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`, "-keyout", "-", "-out", "-"],
  ]);
  const block = (name: string) => stdout.match(new RegExp(`-----BEGIN ${name}-----[^]+-----END ${name}-----`))![0];
  return { key: block("PRIVATE KEY"), cert: block("CERTIFICATE") };
}

export async function writeBundle(path: string, { cert }: Certificate): Promise<void> {
  const trusted = process.env.SSL_CERT_FILE ?? systemBundle;
  const others = existsSync(trusted) ? await readFile(trusted, "utf8") : "";
  await writeFile(path, `${others}\n${cert}\n`);
}
