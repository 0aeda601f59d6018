// Asks whoever sits at the terminal. Null: nobody does.
import { createInterface } from "node:readline/promises";

export async function confirm(question: string): Promise<boolean | null> {
  process.stdout.write(`${question} (y/n): `);
  const lines = createInterface({ input: process.stdin });
  try {
    for await (const line of lines) return /^y(es)?$/i.test(line.trim());
    return null;
  } finally {
    lines.close();
  }
}
