import { defineCardwayEvent } from "./cardway-event.ts";

/** A card that was edited after its approval is back in `PendingReview`: nobody has reviewed the new version. */
export const ReviewReopened = defineCardwayEvent({ detailType: "ReviewReopened", members: {}, sample: {} });
