import { describeProfileStore } from "../../../core/test/profile-store-contract.ts";
import { createMemoryProfileStore } from "../../src/stores/memory.ts";

describeProfileStore("createMemoryProfileStore", createMemoryProfileStore);
