import { describeChatStore } from "../../../core/test/chat-store-contract.ts";
import { describeMessageStore } from "../../../core/test/message-store-contract.ts";
import { describePolicyStore } from "../../../core/test/policy-store-contract.ts";
import { describeProfileStore } from "../../../core/test/profile-store-contract.ts";
import {
  createMemoryChatStore,
  createMemoryMessageStore,
  createMemoryPolicyStore,
  createMemoryProfileStore,
} from "../../src/stores/memory.ts";

describeProfileStore("createMemoryProfileStore", createMemoryProfileStore);
describeChatStore("createMemoryChatStore", createMemoryChatStore);
describeMessageStore("createMemoryMessageStore", createMemoryMessageStore);
describePolicyStore("createMemoryPolicyStore", createMemoryPolicyStore);
