/** The persona browser: facets in the address, cards, and pages on demand. */
import { useLocation } from "preact-iso/router";
import { useEffect, useRef } from "preact/hooks";
import type { ProfileFilter } from "@hi-stranger/core/store/profile-store";
import { formatInteger, t } from "../i18n/translate.ts";
import { DemoButton } from "../parts/demo-button.tsx";
import { Empty } from "../parts/empty.tsx";
import { ActiveFacets, FacetPanel } from "../parts/facet-panel.tsx";
import { Icon } from "../parts/icon.tsx";
import { PersonaCard } from "../parts/persona-card.tsx";
import { ErrorNote } from "../parts/problem-note.tsx";
import { Screen } from "../parts/screen.tsx";
import { WithHome } from "../parts/with-home.tsx";
import { moveBetweenCards } from "../parts/card-keys.ts";
import { announce } from "../state/announcer.ts";
import { readFacets, toPersonasUrl } from "../state/facets.ts";
import { type Listing, pageSize } from "../state/persona-list.ts";
import type { OpenHome } from "../state/session.ts";

export function PersonasScreen() {
  return (
    <Screen
      title={t("personas.title")}
      actions={
        <a class="button button-main" href="/personas/new">
          <Icon name="plus" />
          {t("personas.new")}
        </a>
      }
    >
      <WithHome>{(open) => <Browser open={open} />}</WithHome>
    </Screen>
  );
}

function Browser({ open }: { readonly open: OpenHome }) {
  const { url, query, route } = useLocation();
  const filter = readFacets(query);
  const address = toPersonasUrl(filter);
  const { list } = open;
  useEffect(() => {
    void list.show(filter).then(() => announceCount(list.listing.peek()));
    // The address is the filter; the list may have been forgotten since it was shown.
  }, [address, open, list.listing.value === null]);

  const listing = list.listing.value;
  const total = list.total.value;
  const isFiltered = address !== "/personas";
  const isShown = listing !== null && toPersonasUrl(listing.filter) === address;
  const change = (next: ProfileFilter) => {
    if (toPersonasUrl(next) !== url) route(toPersonasUrl(next), true);
  };
  if (total === 0 && !isFiltered && listing?.items.length === 0 && listing.status === "idle") {
    return <EmptyHome open={open} />;
  }
  return (
    <div class="browser">
      <FacetPanel filter={filter} items={listing?.items ?? []} onChange={change} />
      <ActiveFacets filter={filter} onChange={change} />
      <div class="results">
        <CountLine listing={isShown ? listing : null} total={total} isFiltered={isFiltered} />
        {isShown ? (
          <Cards open={open} listing={listing} onClear={() => change({})} />
        ) : (
          <Skeletons />
        )}
      </div>
    </div>
  );
}

function Cards(props: { open: OpenHome; listing: Listing; onClear: () => void }) {
  const { open, listing } = props;
  const { items, status, cursor, error } = listing;
  const listRef = useRef<HTMLUListElement>(null);

  async function loadMore(): Promise<void> {
    const before = items.length;
    await open.list.loadMore();
    const now = open.list.listing.peek();
    announceCount(now);
    // The button may be gone; the first new card is where reading goes on.
    if (now && now.items.length > before) {
      listRef.current?.querySelectorAll<HTMLAnchorElement>(".card-name a")[before]?.focus();
    }
  }

  const isIdleAndEmpty = items.length === 0 && status === "idle";
  if (isIdleAndEmpty && cursor === null) {
    return (
      <Empty title={t("personas.none.title")} text={t("personas.none.text")}>
        <button type="button" class="button" onClick={props.onClear}>
          {t("facets.clear")}
        </button>
      </Empty>
    );
  }
  return (
    <>
      {items.length > 0 && (
        <ul class="cards" ref={listRef} onKeyDown={moveBetweenCards}>
          {items.map((persona) => (
            <li key={persona.profileId}>
              <PersonaCard persona={persona} />
            </li>
          ))}
        </ul>
      )}
      {status === "loading" && items.length === 0 && <Skeletons />}
      {status === "failed" && <ErrorNote error={error} onRetry={() => void loadMore()} />}
      {status !== "failed" && cursor !== null && items.length > 0 && (
        <p class="more">
          <button
            type="button"
            class="button"
            aria-disabled={status === "loading"}
            onClick={() => {
              if (status === "idle") void loadMore();
            }}
          >
            {t(status === "loading" ? "personas.loading" : "personas.load_more")}
          </button>
        </p>
      )}
      {isIdleAndEmpty && cursor !== null && (
        <Empty title={t("personas.searching.title")} text={t("personas.searching.text")}>
          <button type="button" class="button button-main" onClick={() => void loadMore()}>
            {t("personas.searching.action")}
          </button>
        </Empty>
      )}
    </>
  );
}

function CountLine(props: { listing: Listing | null; total: number | null; isFiltered: boolean }) {
  const { listing, total, isFiltered } = props;
  return <p class="count">{listing ? countText(listing, total, isFiltered) : "\u00a0"}</p>;
}

function countText(listing: Listing, total: number | null, isFiltered: boolean): string {
  const shown = listing.items.length;
  if (shown === 0 && listing.status === "loading") return t("personas.loading");
  if (isFiltered) {
    const all = total === null ? "…" : formatInteger(total);
    return listing.cursor === null
      ? t("personas.count.matching", { count: shown, all })
      : t("personas.count.matching_so_far", { count: shown, all });
  }
  return total === null || total === shown
    ? t("personas.count.all", { count: shown })
    : t("personas.count.part", { count: total, shown });
}

function announceCount(listing: Listing | null): void {
  if (listing?.status === "idle") announce(t("personas.announce", { count: listing.items.length }));
}

function Skeletons() {
  return (
    <div class="cards" aria-hidden="true">
      {Array.from({ length: pageSize / 4 }, (_, index) => (
        <div key={index} class="card card-skeleton" />
      ))}
    </div>
  );
}

function EmptyHome({ open }: { readonly open: OpenHome }) {
  const isDevice = open.home === "device";
  const name = open.owner ? "account" : open.home;
  return (
    <Empty title={t("personas.empty.title")} text={t(`personas.empty.${name}`)}>
      {isDevice && <DemoButton isMain onAdded={() => undefined} />}
      {!open.owner && (
        <a class={isDevice ? "button" : "button button-main"} href="/import">
          <Icon name="upload" />
          {t("welcome.import")}
        </a>
      )}
      <a class={open.owner ? "button button-main" : "button"} href="/personas/new">
        <Icon name="edit" />
        {t("personas.new")}
      </a>
    </Empty>
  );
}
