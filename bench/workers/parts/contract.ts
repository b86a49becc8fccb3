/** A Worker that has the declarations of the API and checks something by one: TypeBox, mostly. */
import { contract } from "@hi-stranger/core/contract/contract";
import { listViolations } from "@hi-stranger/core/schema/violations";

export default {
  fetch() {
    const faults = contract.map((route) =>
      "query" in route ? listViolations(route.query, {}) : [],
    );
    return new Response(`${faults.length}`);
  },
} satisfies ExportedHandler;
