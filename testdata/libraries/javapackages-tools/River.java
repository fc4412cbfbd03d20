package org.example;

/** Counts words. */
public final class River {
    private River() {
    }

    /** Prints how many words there are. */
    public static void main(String[] words) {
        System.out.println(words.length);
    }
}
