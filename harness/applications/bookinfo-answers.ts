/** What the services of Bookinfo answer to each other, for contract mode: the book that every version of them has. */
export const BOOKINFO_ANSWERS = {
  details: [
    {
      path: '/details/*',
      body: {
        id: 0,
        author: 'William Shakespeare',
        year: 1595,
        type: 'paperback',
        pages: 200,
        publisher: 'PublisherA',
        language: 'English',
        'ISBN-10': '1234567890',
        'ISBN-13': '123-1234567890',
      },
    },
  ],
  reviews: [
    {
      path: '/reviews/*',
      body: {
        id: '0',
        podname: 'reviews-v2-hopcheck',
        clustername: 'null',
        reviews: [
          {
            reviewer: 'Reviewer1',
            text: 'An extremely entertaining play by Shakespeare. The slapstick humour is refreshing!',
            rating: { stars: 5, color: 'black' },
          },
          {
            reviewer: 'Reviewer2',
            text: 'Absolutely fun and entertaining. The play lacks thematic depth when compared to other plays by Shakespeare.',
            rating: { stars: 4, color: 'black' },
          },
        ],
      },
    },
  ],
  ratings: [{ path: '/ratings/*', body: { id: 0, ratings: { Reviewer1: 5, Reviewer2: 4 } } }],
} as const;
