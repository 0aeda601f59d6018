// The numbers that agent and relay count with, in one place.
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** The script sleeps this long between two reports. */
export const reportEveryMsDefault = 5 * second;
/** So many reports in a row that did not come make a host `reconnecting`. */
export const missedReportsMax = 6;

/** More than this is not read. */
export const reportBytesMax = 2 * 1024 * 1024;
/** The script tells the newest ones; a report with more is refused. */
export const containersMax = 500;
/** What started, or stopped, since the last report. */
export const changesMax = 200;
/** Docker has no limit for a name. A longer one is read up to here, so that one odd container cannot silence its host … */
export const nameCharactersMax = 65_536;
/** … and kept up to here. */
export const keptCharactersMax = 300;
/** So many names stand in one entry of the history; the rest is a number. */
export const namesToldMax = 10;
/** The history of a host says the same thing twice only after this time: a container may restart for ever. */
export const sayAgainMs = 10 * minute;
/** What containers do is told once in this time at most, the names collected until then. */
export const containersToldEveryMs = minute;

export const tokenCharactersMax = 200;
export const hostNameCharactersMax = 255;
export const engineIdCharactersMax = 200;
export const versionCharactersMax = 200;
/** Leaves room for what is appended where a name is taken, and for docker-machine's own. */
export const joinedNameCharactersMax = 60;

export const joinTokenMsDefault = 24 * hour;
export const joinTokenMsMin = minute;
export const joinTokenMsMax = 30 * 24 * hour;
