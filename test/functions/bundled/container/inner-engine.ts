// Answers for a machine's own engine, to whoever has the machine's certificates. Arguments: their directory, the port.
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";

const [directory = "", port] = process.argv.slice(2);
const read = (name: string) => readFileSync(join(directory, name));

createServer(
  {
    ca: read("ca.pem"),
    cert: read("server.pem"),
    key: read("server-key.pem"),
    requestCert: true,
    rejectUnauthorized: true,
  },
  (_, response) => response.end(JSON.stringify({ Version: "28.5.2" })),
).listen(Number(port), "127.0.0.1");
