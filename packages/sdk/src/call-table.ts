/** What a client needs of the contract's routes, as types: so no schema travels into a page's bundle. */
import type { contract } from "@hi-stranger/core/contract/contract";

type Contract = (typeof contract)[number];
export type RouteId = Contract["id"];
export type RouteOf<Id extends RouteId> = Extract<Contract, { id: Id }>;

/** Method and path of routes; the compiler holds each table of this type to the contract. */
export type CallTable<Id extends RouteId> = {
  readonly [Each in Id]: Pick<RouteOf<Each>, "method" | "path">;
};

/** What a person does with the cookies of a session, which only a page of the store's own has. */
export type PersonRouteId = Extract<Contract, { path: `/api/${"auth" | "me"}/${string}` }>["id"];

/** What is for those who look after a store. */
export type AdminRouteId = Extract<Contract, { path: `/api/admin/${string}` }>["id"];

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}
