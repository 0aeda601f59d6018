// Issues X.509 certificates (RFC 5280) for the TLS between docker and an engine: Node can check them, but not make them.
import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from "node:crypto";
import { isIP } from "node:net";
import type { CertificatePair } from "../machine/certificates.ts";
import {
  bitString,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  time,
  trueValue,
  utf8String,
} from "./der.ts";

const day = 24 * 60 * 60 * 1000;
/** As docker-machine's. */
const validForMs = 3 * 365 * day;
/** Clocks differ. */
const validBeforeMs = 1 * day;
const serialNumberBytes = 16;
/** Of a P-256 key: a point, uncompressed. */
const publicKeyBytes = 65;

const ids = {
  commonName: "2.5.4.3",
  organization: "2.5.4.10",
  ecdsaWithSha256: "1.2.840.10045.4.3.2",
  subjectKeyIdentifier: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAlternativeName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  authorityKeyIdentifier: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
  serverAuthentication: "1.3.6.1.5.5.7.3.1",
  clientAuthentication: "1.3.6.1.5.5.7.3.2",
} as const;

export interface Subject {
  organization: string;
  commonName: string;
}

export function makeAuthority(subject: Subject): CertificatePair {
  return issue(subject, { isAuthority: true, usages: [], names: [] }, null);
}

export function makeClient(authority: CertificatePair, subject: Subject): CertificatePair {
  return issue(subject, { isAuthority: false, usages: [ids.clientAuthentication], names: [] }, authority);
}

/** @param names addresses and host names by which the server may be called */
export function makeServer(authority: CertificatePair, subject: Subject, names: readonly string[]): CertificatePair {
  const usages = [ids.serverAuthentication, ids.clientAuthentication];
  return issue(subject, { isAuthority: false, usages, names }, authority);
}

interface Purpose {
  isAuthority: boolean;
  usages: readonly string[];
  names: readonly string[];
}

/** @param authority null: signs itself */
function issue(subject: Subject, purpose: Purpose, authority: CertificatePair | null): CertificatePair {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const now = Date.now();
  const algorithm = sequence(objectIdentifier(ids.ecdsaWithSha256));
  const name = nameOf(subject);
  const issuer = authority === null ? { name, publicKey } : readIssuer(authority.certificate);
  const content = sequence(
    // Version 3.
    explicit(0, integer(Buffer.of(2))),
    integer(randomBytes(serialNumberBytes)),
    algorithm,
    issuer.name,
    sequence(time(new Date(now - validBeforeMs)), time(new Date(now + validForMs))),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    explicit(
      3,
      sequence(
        ...extensionsOf(purpose),
        extension(ids.subjectKeyIdentifier, octetString(fingerprintOf(publicKey))),
        extension(ids.authorityKeyIdentifier, sequence(implicit(0, fingerprintOf(issuer.publicKey)))),
      ),
    ),
  );
  const signature = sign("sha256", content, authority === null ? privateKey : createPrivateKey(authority.key));
  return {
    certificate: toPem("CERTIFICATE", sequence(content, algorithm, bitString(signature))),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function readIssuer(certificate: string): { name: Buffer; publicKey: KeyObject } {
  const parsed = new X509Certificate(certificate);
  // Written by us, in the same order: the same bytes again.
  const { O: organization, CN: commonName } = parsed.toLegacyObject().subject as Record<string, string>;
  return { name: nameOf({ organization: organization!, commonName: commonName! }), publicKey: parsed.publicKey };
}

function nameOf({ organization, commonName }: Subject): Buffer {
  const part = (id: string, text: string) => set(sequence(objectIdentifier(id), utf8String(text)));
  return sequence(part(ids.organization, organization), part(ids.commonName, commonName));
}

function extensionsOf({ isAuthority, usages, names }: Purpose): Buffer[] {
  const extensions = isAuthority
    ? [
        extension(ids.basicConstraints, sequence(trueValue), isCritical),
        // Signs certificates and lists of revoked ones.
        extension(ids.keyUsage, bitString(Buffer.of(0b0000_0110), 1), isCritical),
      ]
    : [
        extension(ids.basicConstraints, sequence(), isCritical),
        // Signs the handshake.
        extension(ids.keyUsage, bitString(Buffer.of(0b1000_0000), 7), isCritical),
        extension(ids.extendedKeyUsage, sequence(...usages.map(objectIdentifier))),
      ];
  if (names.length > 0) {
    extensions.push(extension(ids.subjectAlternativeName, sequence(...[...new Set(names)].map(alternativeName))));
  }
  return extensions;
}

const isCritical = true;

function extension(id: string, content: Buffer, critical = false): Buffer {
  return sequence(objectIdentifier(id), ...(critical ? [trueValue] : []), octetString(content));
}

function alternativeName(name: string): Buffer {
  return isIP(name) === 0 ? implicit(2, Buffer.from(name, "latin1")) : implicit(7, addressBytes(name));
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split(".").map(Number));
  // Written out in full: eight groups of four digits.
  const [head = "", tail = ""] = new URL(`http://[${address.split("%")[0]}]`).hostname.slice(1, -1).split("::");
  const [first, last] = [head, tail].map((half) => half.split(":").filter((group) => group !== ""));
  const missing = Array<string>(8 - first!.length - last!.length).fill("0");
  const groups = [...first!, ...missing, ...last!];
  return Buffer.from(groups.map((group) => group.padStart(4, "0")).join(""), "hex");
}

/** SHA-1 of the key's own bits, as RFC 5280 proposes: a name for the key, which nobody's safety hangs on. */
function fingerprintOf(publicKey: KeyObject): Buffer {
  const bits = publicKey.export({ type: "spki", format: "der" }).subarray(-publicKeyBytes);
  return createHash("sha1").update(bits).digest();
}

function toPem(label: string, content: Buffer): string {
  const lines = content.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
