package jmergekit.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SlotsTest {
    @Test
    void resultsAreTakenInTheOrderOfTheirEnd() {
        CountDownLatch first = new CountDownLatch(1);
        try (Slots<String> slots = new Slots<>(2)) {
            slots.start(slot -> {
                await(first);
                return "slow in " + slot;
            });
            slots.start(slot -> "fast in " + slot);
            List<String> taken = new ArrayList<>();
            taken.add(slots.take());
            first.countDown();
            taken.add(slots.take());

            assertThat(taken).containsExactly("fast in 1", "slow in 0");
            assertThat(slots.isBusy()).isFalse();
        }
    }

    @Test
    void aSlotIsFreeAgainOnlyWhenItsResultIsTaken() {
        try (Slots<Integer> slots = new Slots<>(1)) {
            slots.start(slot -> slot);

            assertThat(slots.hasFree()).isFalse();
            assertThat(slots.isBusy()).isTrue();

            slots.take();

            assertThat(slots.hasFree()).isTrue();
        }
    }

    @Test
    void whatAJobThrowsIsThrownWhereItIsTaken() {
        try (Slots<Integer> slots = new Slots<>(1)) {
            slots.start(slot -> {
                throw new IllegalArgumentException("no " + slot);
            });

            assertThatThrownBy(slots::take)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no 0");
            assertThat(slots.hasFree()).isTrue();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this", e);
        }
    }
}
