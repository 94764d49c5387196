/**
 * General English, written for this project, on which an adapter's forgetting is measured: the loss on it before and
 * after tuning. Everyday subjects, several registers, nothing that a house's documents would be about.
 */
export const retentionText = [
  `Bread is made from very little: flour, water, salt and something that makes it rise. What turns these into a loaf
is time. When the flour is wetted, its proteins join into long elastic strands, and the gas that the yeast gives off is
caught between them in bubbles. A baker who hurries gets a heavy crumb with little taste. One who lets the dough rest
overnight in a cool room hardly has to knead it at all, because the strands form by themselves while everyone sleeps.`,
  `The moon has no light of its own. We see the part of it that the sun shines on, and since the moon goes round the
earth once in about four weeks, that part grows and shrinks as we watch. When the earth stands exactly between the two,
its shadow falls across the moon and turns it a dull red. People once took this for a bad sign; today it is a reason to
stay up late with the children and a blanket.`,
  `"Did you lock the door?" she asked when they were already on the train. He looked at his hands as if the key might
still be in them. "I think so," he said. "I remember thinking that I should." They spent the next hour talking about
other things, and neither of them listened to a word of it. At the second station he rang the neighbour, who went to
look, and who told them that the door was locked but that the cat was sitting in front of it, waiting to be let in.`,
  `To add two fractions, first bring them to the same denominator. A half and a third become three sixths and two
sixths, which together are five sixths. The rule looks arbitrary until one draws it: a cake that is cut into halves and
a cake that is cut into thirds have no piece in common, but both can be cut again into sixths, and then counting the
pieces is enough.`,
  `Cities grow along water for three reasons. Rivers carry heavy goods at little cost, they drive mills, and they take
away what nobody wants to keep. The third reason made the first two dangerous. In the nineteenth century doctors began
to draw maps of who fell ill, house by house, and found that the sick had drunk from the same pump. Pipes and sewers
followed within a generation, and people lived longer, though few of them ever thanked an engineer for it.`,
  `A computer program is a list of instructions that is read more often by people than by machines. The machine does
not mind a bad name or a function of nine hundred lines. The colleague who has to change it next year minds very much.
Good programmers therefore write for that colleague: they say what a thing is for, they keep what belongs together in
one place, and they delete what is no longer needed instead of leaving it there just in case.`,
  `Dear Ms Albers, thank you for your letter of last week. We are sorry that the chair arrived with a broken leg. A
new one left our workshop this morning and should reach you by Friday. You need not send the old one back; perhaps
somebody you know has a use for the wood. Please let us know if anything else is not as it should be. With kind regards,
the customer service.`,
  `Water boils at a lower temperature on a mountain than by the sea, because there is less air above it to press on its
surface. That is why potatoes take longer to cook in a hut at three thousand metres, and why the tea there is never quite
hot enough. A pot with a tight lid solves the problem: the steam cannot escape, the pressure rises, and the water grows
hotter than it could in the open.`,
  `The match had been even for an hour, with few chances at either end. Then the home side lost the ball in midfield, a
long pass found the winger alone, and he needed only one touch to send it low into the far corner. After that they fell
back and defended with everything they had. The whistle came as a relief to half of the crowd and as an insult to the
other half.`,
  `Why do we forget names so easily and faces so rarely? One answer is that a face means something. It is old or
young, kind or stern, and it reminds us of other faces. A name, by contrast, hangs on nothing. Those who are good at
names usually hang them on something on purpose: the man called Baker is given, in the mind's eye, a white hat and a tray
of rolls, and from that day on he keeps them.`,
].map((paragraph) => paragraph.replaceAll("\n", " "));
