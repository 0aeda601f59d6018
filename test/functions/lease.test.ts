import { expect, test } from "vitest";
import { Lease } from "../../functions/invocations/lease.ts";

const codeOf = (act: () => void) => {
  try {
    act();
    return null;
  } catch (error) {
    return (error as { details: { code: string } }).details.code;
  }
};

test("a lease that is never renewed ends leaseMs after it began", () => {
  const lease = new Lease(1000, 50);
  expect(lease.hasEnded(1049)).toBe(false);
  expect(lease.hasEnded(1050)).toBe(true);
});

test("a renewal counts from the moment its beat was sent, however late it comes", () => {
  const lease = new Lease(1000, 0);
  lease.noteBeat(1, 10);
  lease.noteBeat(2, 400);
  lease.renew(2, 990);
  expect(lease.endsAt).toBe(1400);
});

test("an older beat never brings the end nearer", () => {
  const lease = new Lease(1000, 0);
  lease.noteBeat(1, 10);
  lease.noteBeat(2, 400);
  lease.renew(2, 500);
  lease.renew(1, 600);
  expect(lease.endsAt).toBe(1400);
});

test("an end that has come stays, though nobody had noticed it when the renewal came", () => {
  const lease = new Lease(1000, 0);
  lease.noteBeat(1, 900);
  expect(codeOf(() => lease.renew(1, 1000))).toBe("lease.ended");
  expect(lease.endsAt).toBe(1000);
});

test("a beat that was never sent is refused", () => {
  const lease = new Lease(1000, 0);
  expect(codeOf(() => lease.renew(1, 1))).toBe("beat.unknown");
  lease.noteBeat(1, 2);
  expect(codeOf(() => lease.renew(2, 3))).toBe("beat.unknown");
  expect(codeOf(() => lease.renew(1, 3))).toBeNull();
});

test("who listens hears each renewal that puts the end off, until it stops listening", () => {
  const lease = new Lease(1000, 0);
  let heard = 0;
  const stop = lease.onRenewed(() => {
    heard += 1;
  });
  lease.noteBeat(1, 10);
  lease.renew(1, 20);
  lease.renew(1, 30);
  expect(heard).toBe(1);
  stop();
  lease.noteBeat(2, 40);
  lease.renew(2, 50);
  expect(heard).toBe(1);
});
