// What is heard on the bus, as the relay sends it.
export interface BusEvent {
  id: string;
  name: string;
  resourceType: string | null;
  resourceId: string | null;
  time: number;
  /** The event's own. */
  data: unknown;
}
